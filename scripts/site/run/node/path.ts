/** The part of `node:path` that the library uses, for paths with forward slashes. */

export const sep = "/";

export const isAbsolute = (path: string): boolean => path.startsWith("/");

export function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/"))
    if (part === ".." && parts.length && parts[parts.length - 1] !== "..") parts.pop();
    else if (part && part !== ".") parts.push(part);
  const joined = parts.join("/");
  return isAbsolute(path) ? `/${joined.replace(/^(?:\.\.\/?)+/, "")}` : joined || ".";
}

export const join = (...parts: string[]): string => normalize(parts.filter(Boolean).join("/"));

export const dirname = (path: string): string => join(path, "..") || "/";

export const basename = (path: string, ending = ""): string => {
  const name = path.replace(/\/+$/, "").split("/").pop() ?? "";
  return ending && name.endsWith(ending) ? name.slice(0, -ending.length) : name;
};

export const extname = (path: string): string => /[^.]\.[^.]*$/.exec(basename(path))?.[0].slice(1) ?? "";

/** From the notebook's folder, as in the kernel. */
export const resolve = (...parts: string[]): string =>
  parts.reduce((path, part) => (isAbsolute(part) ? normalize(part) : join(path, part)), "/kh/notebooks");
