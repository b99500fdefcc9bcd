/** The one place that talks to the notebook's front end; elsewhere the same thing is printed as text. */

/** One output in several MIME types; the front end shows the richest one it knows. */
export interface OutputBundle {
  "text/plain": string;
  [mimeType: string]: unknown;
}

type WriteDisplayData = (
  message: { data: OutputBundle; metadata: Record<string, unknown>; transient: { display_id?: string } },
  update: boolean,
) => void;

/** Where a front end other than tslab's kernel, such as a page of the site, puts what takes outputs. */
const OUTPUT = Symbol.for("knowledge-hacking.output");

function kernelWriter(): WriteDisplayData | null {
  const own = (globalThis as { [OUTPUT]?: WriteDisplayData })[OUTPUT];
  if (own) return own;
  const loaded = Object.keys(require.cache).filter((file) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(file));
  type Jupyter = { lastWriteDisplayData: WriteDisplayData | null };
  const writers = loaded.map((file) => (require(file) as Jupyter).lastWriteDisplayData);
  return writers.find((writer) => writer !== null) ?? null;
}

/** Whether the code runs in a notebook's kernel. */
export function inNotebook(): boolean {
  return kernelWriter() !== null;
}

/** Whether a program, not a person, watches the notebook run: `npm run reproduce` sets `KH_HEADLESS=1`. */
export function isHeadless(): boolean {
  return process.env.KH_HEADLESS === "1";
}

/**
 * Shows one output: in a notebook all its MIME types, elsewhere its text.
 *
 * @param metadata Per MIME type, for example the width of a picture.
 */
export function show(bundle: OutputBundle, metadata: Record<string, unknown> = {}): void {
  const write = kernelWriter();
  if (write) write({ data: bundle, metadata, transient: {} }, false);
  else process.stdout.write(`${bundle["text/plain"]}\n`);
}

/** An output that later ones replace in place; in a notebook only. */
export function showInPlace(displayId: string, bundle: OutputBundle, update: boolean): void {
  kernelWriter()?.({ data: bundle, metadata: {}, transient: { display_id: displayId } }, update);
}
