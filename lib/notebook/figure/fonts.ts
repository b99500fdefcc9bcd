import { dirname, join } from "node:path";

export interface FontFiles {
  family: string;
  files: string[];
}

/** The font of static pictures: DejaVu Sans from its npm package, so that they come out the same on every machine. */
export function fontFiles(): FontFiles {
  const folder = join(dirname(require.resolve("dejavu-fonts-ttf/package.json")), "ttf");
  const files = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf"];
  return { family: "DejaVu Sans", files: files.map((file) => join(folder, file)) };
}
