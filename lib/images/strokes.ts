/** Sum and centre of mass of a square image. */
export interface InkMass {
  readonly ink: number;
  /** [x, y]; the middle where there is no ink. */
  readonly center: readonly [number, number];
}

/**
 * How much ink an image has, and where its mass lies.
 *
 * @param image Shape [side²], not negative.
 */
export function inkMass(image: ArrayLike<number>, side: number): InkMass {
  let ink = 0;
  let x = 0;
  let y = 0;
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const value = image[row * side + column];
      ink += value;
      x += value * column;
      y += value * row;
    }
  const middle = (side - 1) / 2;
  return { ink, center: ink > 0 ? [x / ink, y / ink] : [middle, middle] };
}

/** The threshold is found to 2⁻¹² of the greatest brightness. */
const HALVINGS = 12;

/**
 * Turns a blurred image into strokes: what is brighter than a threshold becomes 1, with a soft edge, and the threshold
 * is the one that leaves the wanted amount of ink; it is not below 0, so that the ground stays empty.
 *
 * @param blurred Any numbers with a maximum above 0; otherwise the outcome is empty.
 * @param options.ink Sum of the outcome's pixels, met as nearly as a threshold of at least 0 can.
 * @param options.softness Width of the edge, as a share of the greatest brightness; above 0.
 * @param out Same length, overwritten with values in [0, 1].
 */
export function toStrokes(
  blurred: Float64Array,
  { ink, softness }: { ink: number; softness: number },
  out: Float64Array,
): void {
  const highest = blurred.reduce((most, value) => Math.max(most, value), 0);
  if (!(highest > 0)) {
    out.fill(0);
    return;
  }
  const width = softness * highest;
  let [low, high] = [0, highest];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    let sum = 0;
    for (let p = 0; p < blurred.length; p++) {
      const value = (blurred[p] - middle) / width;
      if (value > 0) sum += value < 1 ? value : 1;
    }
    if (sum > ink) low = middle;
    else high = middle;
  }
  const threshold = (low + high) / 2;
  for (let p = 0; p < blurred.length; p++) out[p] = Math.min(1, Math.max(0, (blurred[p] - threshold) / width));
}
