import { dirname, join } from "node:path";

export interface FontFiles {
  family: string;
  files: string[];
}

/**
 * The fonts of static pictures: DejaVu Sans from its npm package, so that pictures come out the same everywhere, also
 * on machines without any font. Null where the package is missing: the system's fonts are used then.
 */
export function fontFiles(): FontFiles | null {
  let folder: string;
  try {
    folder = join(dirname(require.resolve("dejavu-fonts-ttf/package.json")), "ttf");
  } catch {
    return null;
  }
  return {
    family: "DejaVu Sans",
    files: ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf"].map((file) => join(folder, file)),
  };
}
