/**
 * What AIM measures on the Adult table with its authors' package mbi 2.0.0, one seed: mean total variation distance of
 * all marginals of one, two and three columns. Same rows, bins and δ as in the notebook; made by
 * `bench/synthetic-adult.py --score`.
 */
export const aimOnMbi = { epsilon: 1, tvd: [0.0088, 0.0366, 0.0789] } as const;
