/** Numbers and lists as JavaScript that reads back bit for bit. */

/** A number as JavaScript, infinities and −0 too. */
export const num = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

/** Numbers as a JavaScript list. */
export const list = (values: ArrayLike<number>): string => `[${Array.from(values, num).join(",")}]`;

/** Single-precision numbers in the fewest digits that `Math.fround` reads back. */
export function singles(values: ArrayLike<number>): string {
  const short = (value: number): string => {
    for (let digits = 6; digits < 10; digits++) {
      const text = Number(value.toPrecision(digits));
      if (Math.fround(text) === Math.fround(value)) return num(text);
    }
    return num(value);
  };
  return `[${Array.from(values, short).join(",")}]`;
}
