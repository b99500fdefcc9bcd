import { gaussianDelta, type PrivacyEvent } from "../../../lib";

/** δ as a function of any real ε, for the first of two neighbours against the second. */
type DeltaCurve = (epsilon: number) => number;

const SQRT_2PI = Math.sqrt(2 * Math.PI);

/** The exact curve of μ-Gaussian differential privacy; below 0 by its symmetry, and a step where μ is 0. */
function gaussianCurve(mu: number): DeltaCurve {
  return (epsilon) => {
    if (mu === 0) return Math.max(0, -Math.expm1(epsilon));
    if (epsilon < 0) return -Math.expm1(epsilon) + Math.exp(epsilon) * gaussianCurve(mu)(-epsilon);
    return gaussianDelta({ sigma: 1, sensitivity: mu, epsilon });
  };
}

/** Composes the curve with one more (ε, δ) guarantee in closed form: a coin tells the truth with e^ε to 1. */
const withGuarantee = (rest: DeltaCurve, { epsilon: own, delta }: { epsilon: number; delta: number }): DeltaCurve =>
  (epsilon) => {
    const lie = 1 / (1 + Math.exp(own));
    return delta + (1 - delta) * ((1 - lie) * rest(epsilon - own) + lie * rest(epsilon + own));
  };

/** Simpson's rule. */
function integral(f: (x: number) => number, from: number, to: number, panels: number): number {
  const step = (to - from) / panels / 2;
  let sum = f(from) + f(to);
  for (let i = 1; i < 2 * panels; i++) sum += (i % 2 ? 4 : 2) * f(from + i * step);
  return (sum * step) / 3;
}

/** Composes the curve with Laplace noise: half of its loss is 1/scale, the rest is spread with a known density. */
const withLaplace = (rest: DeltaCurve, scale: number, mu: number): DeltaCurve => {
  const own = 1 / scale;
  const panels = Math.ceil(Math.max(400, (16 * Math.min(own, 40)) / mu));
  return (epsilon) => 0.5 * rest(epsilon - own) + 0.5 * Math.exp(-own) * rest(epsilon + own) +
    integral((loss) => 0.25 * Math.exp((loss - own) / 2) * rest(epsilon - loss), Math.max(-own, own - 80), own, panels);
};

/** Composes the curve with one sampled Gaussian, by an integral over its answer; with the record first, or without. */
const withSampled = (rest: DeltaCurve, { noiseMultiplier: sigma, samplingRate: q, mu, removal }:
  { noiseMultiplier: number; samplingRate: number; mu: number; removal: boolean }): DeltaCurve => {
  const panels = Math.ceil(Math.max(400, 150 / (sigma * mu)));
  const phi = (z: number): number => Math.exp(-0.5 * z * z) / SQRT_2PI;
  const loss = (x: number): number => {
    const t = (2 * x - 1) / (2 * sigma * sigma);
    return t > 30 ? t + Math.log(q + (1 - q) * Math.exp(-t)) : Math.log1p(q * Math.expm1(t));
  };
  const around = (center: number, epsilon: number): number => integral(
    (z) => phi(z) * rest(removal ? epsilon - loss(center + sigma * z) : epsilon + loss(center + sigma * z)), -9, 9,
    panels);
  return (epsilon) => (removal ? (1 - q) * around(0, epsilon) + q * around(1, epsilon) : around(0, epsilon));
};

/** True δ of a composition at ε, by closed forms and at most one integral for each event that has none. */
export function trueDelta(events: readonly PrivacyEvent[], epsilon: number): number {
  let squares = 0;
  for (const event of events) if (event.kind === "gaussian") squares += (event.count ?? 1) / event.noiseMultiplier ** 2;
  const mu = Math.sqrt(squares);
  const curves = [true, false].map((removal) => {
    let curve = gaussianCurve(mu);
    for (const event of events)
      for (let run = 0; run < (event.count ?? 1); run++)
        if (event.kind === "guarantee") curve = withGuarantee(curve, event);
        else if (event.kind === "laplace") curve = withLaplace(curve, event.noiseMultiplier, mu);
        else if (event.kind === "subsampled-gaussian")
          curve = withSampled(curve, { ...event, mu, removal });
        else break;
    return curve(epsilon);
  });
  return Math.max(...curves);
}
