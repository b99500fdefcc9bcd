/** Written when the scripts are bundled: what cells may import, by the name that they write. */
declare module "kh:modules" {
  export const modules: Record<string, () => unknown>;
}
