/** A finite number and how often it is taken. */
export interface Multiple {
  value: number;
  /** A whole number of at least 0; 1 by default. */
  count?: number;
}

/**
 * The sum of count × value with every number read as the decimal that it is written as, then rounded once: ten times
 * 0.1 is 1, and three times 0.1 is 0.3, as on paper. Sums of doubles give 0.9999999999999999 and 0.30000000000000004.
 *
 * @example
 * decimalSum([{ value: 0.1, count: 3 }]); // 0.3
 */
export function decimalSum(terms: readonly Multiple[]): number {
  const decimals = terms.map(({ value, count = 1 }) => {
    const [, sign, whole, fraction = "", exponent = "0"] =
      /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) as unknown as string[];
    return {
      digits: BigInt(sign + whole + fraction) * BigInt(count),
      exponent: Number(exponent) - fraction.length,
    };
  });
  const least = decimals.reduce((low, { exponent }) => Math.min(low, exponent), 0);
  const total = decimals.reduce((sum, { digits, exponent }) => sum + digits * 10n ** BigInt(exponent - least), 0n);
  return Number(`${total}e${least}`);
}
