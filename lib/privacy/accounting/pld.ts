import { type Complex, fft } from "../../math/fft";
import type { SubsampledGaussian } from "./rdp";
import { goldenSection } from "../../math/golden-section";
import { logNormalDensity, millsRatio, normalInterval } from "../../math/normal";

/**
 * What an adversary's log-likelihood ratio can be, when the data are the first of two neighbours: masses on a grid of
 * losses, and a mass at +∞. Rounded so that it never understates the exact privacy loss.
 */
export interface PrivacyLossDistribution {
  /** Distance between neighbouring losses, above 0. */
  interval: number;
  /** The first loss is lowest · interval. */
  lowest: number;
  /** Probability of each loss. */
  masses: Float64Array;
  /** Probability of an unbounded loss. */
  infinite: number;
}

/** How a mechanism's loss is spread: the probability of losses in (from, to] under either data set. */
interface LossLaw {
  /** Losses below this have a probability of less than 1e-22. */
  low: number;
  /** Losses above this have a probability of less than 1e-22. */
  high: number;
  /** Standard deviation of the loss. */
  deviation: number;
  massP(from: number, to: number): number;
  /** e^from times the probability under the second data set: neither overflows where the losses are large. */
  scaledMassQ(from: number, to: number): number;
}

/** How far out, in standard deviations, a normal tail is cut: its mass there is 8e-24. */
const CUT = 10;

/**
 * e^from times the normal mass between two points a < b where the loss is `from` and `to`. Beyond 0 each tail is its
 * density times Mills' ratio, and `logDensity` is the density under the first data set, which e^loss turns it into.
 */
function scaledTail(a: number, b: number, from: number, to: number, logDensity: (z: number) => number): number {
  if (a <= 0 || from <= 0) return Math.exp(from) * normalInterval(a, b);
  const tail = (z: number): number => (z > 1e9 ? 0 : Math.exp(logDensity(z)) * millsRatio(z));
  return tail(a) - Math.exp(from - to) * tail(b);
}

function gaussianLaw(noiseMultiplier: number): LossLaw {
  const mu = 1 / noiseMultiplier;
  const z = (loss: number): number => loss / mu + mu / 2;
  return {
    low: mu * (mu / 2 - CUT),
    high: mu * (mu / 2 + CUT),
    deviation: mu,
    massP: (from, to) => normalInterval(z(from) - mu, z(to) - mu),
    scaledMassQ: (from, to) => scaledTail(z(from), z(to), from, to, (x) => logNormalDensity(x - mu)),
  };
}

/** log(1 − q + q e^t), exact also where it is near 0. */
function logMixture(q: number, t: number): number {
  return t > 30 ? t + Math.log(q + (1 - q) * Math.exp(-t)) : Math.log1p(q * Math.expm1(t));
}

/** The loss of the subsampled Gaussian; `removal` compares the set with the record to the set without it. */
function subsampledGaussianLaw(
  { noiseMultiplier: sigma, samplingRate: q }: SubsampledGaussian,
  removal: boolean,
): LossLaw {
  const ratioAt = (x: number): number => logMixture(q, (2 * x - 1) / (2 * sigma * sigma));
  const pointAt = (ratio: number): number => {
    const scaled = Math.expm1(ratio) + q;
    return scaled <= 0 ? -Infinity : sigma * sigma * Math.log(scaled / q) + 0.5;
  };
  const without = (a: number, b: number): number => normalInterval(a / sigma, b / sigma);
  const withRecord = (a: number, b: number): number =>
    (1 - q) * without(a, b) + q * normalInterval((a - 1) / sigma, (b - 1) / sigma);
  const top = (removal ? 1 : 0) + CUT * sigma;
  let mean = 0;
  let square = 0;
  for (let z = -CUT; z < CUT + 1 / sigma; z += 0.05) {
    const x = z * sigma;
    const weight = (removal ? withRecord : without)(x, x + 0.05 * sigma);
    const ratio = ratioAt(x + 0.025 * sigma);
    mean += weight * ratio;
    square += weight * ratio * ratio;
  }
  const deviation = Math.sqrt(Math.max(square - mean * mean, 1e-300));
  if (removal)
    return {
      low: ratioAt(-CUT * sigma),
      high: ratioAt(top),
      deviation,
      massP: (from, to) => withRecord(pointAt(from), pointAt(to)),
      scaledMassQ: (from, to) =>
        scaledTail(
          pointAt(from) / sigma,
          pointAt(to) / sigma,
          from,
          to,
          (z) => logNormalDensity(z) + ratioAt(z * sigma),
        ),
    };
  return {
    low: -ratioAt(top),
    high: -ratioAt(-CUT * sigma),
    deviation,
    massP: (from, to) => without(pointAt(-to), pointAt(-from)),
    scaledMassQ: (from, to) => Math.exp(from) * withRecord(pointAt(-to), pointAt(-from)),
  };
}

/**
 * Puts a loss law on a grid: the mass between two grid points goes to both, in the one split that keeps its
 * probability under both data sets. The result dominates the exact law at every ε, and is the tightest such on the
 * grid.
 *
 * @see Doroshenko, Ghazi, Kamath, Kumar & Manurangsi, Connect the Dots, arXiv 2207.04380.
 */
function discretise(law: LossLaw, interval: number): PrivacyLossDistribution {
  const lowest = Math.floor(law.low / interval);
  const highest = Math.ceil(law.high / interval);
  const masses = new Float64Array(highest - lowest + 1);
  masses[0] = law.massP(-Infinity, lowest * interval);
  const shrink = -Math.expm1(-interval);
  for (let j = 0; j < masses.length - 1; j++) {
    const from = (lowest + j) * interval;
    const p = law.massP(from, from + interval);
    const upper = Math.min(p, Math.max(0, (p - law.scaledMassQ(from, from + interval)) / shrink));
    masses[j] += p - upper;
    masses[j + 1] += upper;
  }
  return { interval, lowest, masses, infinite: law.massP(highest * interval, Infinity) };
}

/** The loss of any mechanism of which no more than (ε, δ) is known: the worst one, randomised response on one bit. */
function guaranteeDistribution(epsilon: number, delta: number, interval: number): PrivacyLossDistribution {
  const steps = Math.ceil(epsilon / interval);
  const masses = new Float64Array(2 * steps + 1);
  const high = 1 / (1 + Math.exp(-steps * interval));
  masses[2 * steps] = (1 - delta) * high;
  masses[0] += (1 - delta) * (1 - high);
  return { interval, lowest: -steps, masses, infinite: delta };
}

/** One kind of mechanism and how often it ran on the same records. */
export type PrivacyEvent =
  /** Gaussian noise: `noiseMultiplier` is σ over the sensitivity. */
  | { kind: "gaussian"; noiseMultiplier: number; count?: number }
  /** Gaussian noise on a Poisson sample, as in DP-SGD; neighbours by adding or removing one record. */
  | { kind: "subsampled-gaussian"; noiseMultiplier: number; samplingRate: number; count?: number }
  /** Any mechanism that is (ε, δ)-differentially private; δ = 0 for pure ones. */
  | { kind: "guarantee"; epsilon: number; delta: number; count?: number };

type Direction = "removal" | "addition";

function lawOf(event: PrivacyEvent, direction: Direction): LossLaw | null {
  if (event.kind === "guarantee") return null;
  if (event.kind === "gaussian" || event.samplingRate === 1) return gaussianLaw(event.noiseMultiplier);
  return subsampledGaussianLaw(event, direction === "removal");
}

/** A grid fine against each loss's own spread and against their sum's, and of at most 2²¹ points. */
function chooseInterval(events: readonly PrivacyEvent[], laws: readonly (LossLaw | null)[]): number {
  let variance = 0;
  let range = 0;
  let finest = Infinity;
  events.forEach((event, i) => {
    const law = laws[i];
    const epsilon = event.kind === "guarantee" ? event.epsilon : 0;
    const deviation = law ? law.deviation : Math.max(epsilon, 1e-12);
    variance += (event.count ?? 1) * deviation * deviation;
    range = Math.max(range, law ? law.high - law.low : 2 * epsilon);
    finest = Math.min(finest, law ? deviation / 20 : deviation / 1000);
  });
  const comfortable = Math.max(range / 2 ** 18, (20 * Math.sqrt(variance)) / 2 ** 17);
  return Math.max(Math.min(comfortable, finest), range / 2 ** 21, (20 * Math.sqrt(variance)) / 2 ** 21);
}

interface Part {
  distribution: PrivacyLossDistribution;
  count: number;
}

/** log E[e^(tilt · loss)] over the finite losses, by Horner's rule in blocks that can't overflow. */
function logMoment({ interval, lowest, masses }: PrivacyLossDistribution, tilt: number): number {
  const ratio = Math.exp(tilt * interval);
  const block = Math.max(1, Math.min(256, Math.floor(300 / Math.max(Math.abs(tilt * interval), 1e-9))));
  let log = -Infinity;
  for (let start = 0; start < masses.length; start += block) {
    let sum = 0;
    for (let j = Math.min(start + block, masses.length) - 1; j >= start; j--) sum = sum * ratio + masses[j];
    if (sum === 0) continue;
    const term = Math.log(sum) + tilt * interval * (lowest + start);
    log = log > term ? log + Math.log1p(Math.exp(term - log)) : term + Math.log1p(Math.exp(log - term));
  }
  return log;
}

const totalLogMoment = (parts: readonly Part[], tilt: number): number =>
  parts.reduce((sum, { distribution, count }) => sum + count * logMoment(distribution, tilt), 0);

/** log of the mass that may lie outside the window of a composition, on either side, after tilting. */
const LOG_TAIL = -41;

/**
 * The law of the summed loss, tilted: near the queried ε its masses are known to about twelve digits, however small δ
 * is.
 */
interface TiltedSum {
  interval: number;
  tilt: number;
  /** log E[e^(tilt · loss)]. */
  logMoment: number;
  /** Losses lowest · interval … of the window. */
  lowest: number;
  masses: Float64Array;
  /** Bound on the Euclidean length of the rounding error of `masses`. */
  roundingError: number;
}

/**
 * The sum's law by one Fourier transform a part, after each mass has been multiplied by e^(tilt · loss): rounding is
 * then relative to the masses that decide δ at the queried ε, and not to the largest.
 */
function tiltedSum(parts: readonly Part[], tilt: number): TiltedSum {
  const { interval } = parts[0].distribution;
  const logTotal = totalLogMoment(parts, tilt);
  const edge = (sign: 1 | -1): number => {
    const bound = (logTheta: number): number => {
      const theta = Math.exp(logTheta);
      return (totalLogMoment(parts, tilt + sign * theta) - logTotal - LOG_TAIL) / theta;
    };
    return sign * goldenSection(bound, Math.log(1e-4), Math.log(1e4), 1e-2).value;
  };
  const lowest = Math.floor(edge(-1) / interval);
  const width = Math.ceil(edge(1) / interval) - lowest + 1;
  const n = 2 ** Math.max(4, Math.ceil(Math.log2(width)));
  const product: Complex = { re: new Float64Array(n).fill(1), im: new Float64Array(n) };
  let error = 0;
  for (const { distribution, count } of parts) {
    const one: Complex = { re: new Float64Array(n), im: new Float64Array(n) };
    const logOne = logMoment(distribution, tilt);
    distribution.masses.forEach((mass, j) => {
      const k = distribution.lowest + j;
      if (mass > 0) one.re[k & (n - 1)] += Math.exp(Math.log(mass) + tilt * k * interval - logOne);
    });
    error += count * 8 * Number.EPSILON * Math.log2(n) * Math.sqrt(one.re.reduce((sum, mass) => sum + mass * mass, 0));
    fft(one);
    for (let i = 0; i < n; i++) {
      const size = Math.exp((count / 2) * Math.log(one.re[i] ** 2 + one.im[i] ** 2));
      const angle = count * Math.atan2(one.im[i], one.re[i]);
      const re = size * Math.cos(angle);
      const im = size * Math.sin(angle);
      const kept = product.re[i];
      product.re[i] = kept * re - product.im[i] * im;
      product.im[i] = kept * im + product.im[i] * re;
    }
  }
  fft(product, true);
  const masses = Float64Array.from({ length: n }, (_, j) => Math.max(0, product.re[(lowest + j) & (n - 1)]));
  return { interval, tilt, logMoment: logTotal, lowest, masses, roundingError: error };
}

/** δ for ε from `loss` up to the next grid loss: constant − slope · e^(ε − loss). */
interface DeltaPiece {
  loss: number;
  constant: number;
  slope: number;
}

/** The pieces of δ as a function of ε, from the window's top down to one step below it. */
function* deltaPieces({ interval, tilt, logMoment: log, lowest, masses, roundingError }: TiltedSum, infinite: number) {
  const shrink = Math.exp(-interval);
  const noise = roundingError / Math.sqrt(Math.max(2 * tilt * interval, 1 / masses.length)) + 2 * Math.exp(LOG_TAIL);
  let above = 0;
  let discounted = 0;
  for (let j = masses.length - 1; j >= -1; j--) {
    const loss = (lowest + j) * interval;
    const scale = Math.exp(log - tilt * loss);
    yield { loss, constant: infinite + above + scale * noise, slope: discounted } satisfies DeltaPiece;
    if (j < 0) return;
    above += scale * masses[j];
    discounted = (discounted + scale * masses[j]) * shrink;
  }
}

/**
 * The privacy loss of several mechanisms run on the same records, kept as numbers rather than bounds.
 * Every ε and δ it gives is at least the exact one.
 */
export class PrivacyLossComposition {
  private readonly sides: Part[][];

  /** @throws {RangeError} If there is no event; settings are checked by the functions that call this. */
  constructor(events: readonly PrivacyEvent[]) {
    if (!events.length) throw new RangeError("PrivacyLossComposition: needs at least one event, got none");
    const twoSided = events.some((event) => event.kind === "subsampled-gaussian" && event.samplingRate < 1);
    const directions: Direction[] = twoSided ? ["removal", "addition"] : ["removal"];
    this.sides = directions.map((direction) => {
      const laws = events.map((event) => lawOf(event, direction));
      const interval = chooseInterval(events, laws);
      return events.map((event, i) => {
        const law = laws[i];
        const distribution =
          event.kind === "guarantee"
            ? guaranteeDistribution(event.epsilon, event.delta, interval)
            : discretise(law as LossLaw, interval);
        return { distribution, count: event.count ?? 1 };
      });
    });
  }

  /** The smallest ε at δ; Infinity if δ is below the probability of an unbounded loss. */
  epsilon(delta: number): number {
    return Math.max(...this.sides.map((parts) => epsilonOf(parts, delta)));
  }

  /** The smallest δ at ε. */
  delta(epsilon: number): number {
    return Math.max(...this.sides.map((parts) => deltaOf(parts, epsilon)));
  }
}

function infiniteMass(parts: readonly Part[]): number {
  return -Math.expm1(
    parts.reduce((sum, { distribution, count }) => sum + count * Math.log1p(-distribution.infinite), 0),
  );
}

const TILTS = { low: Math.log(1e-3), high: Math.log(1e5) };

function epsilonOf(parts: readonly Part[], delta: number): number {
  const infinite = infiniteMass(parts);
  if (infinite >= delta) return Infinity;
  const bound = (logTilt: number): number =>
    (totalLogMoment(parts, Math.exp(logTilt)) - Math.log(delta)) / Math.exp(logTilt);
  const tilt = Math.exp(goldenSection(bound, TILTS.low, TILTS.high, 1e-2).x);
  let next = Infinity;
  for (const { loss, constant, slope } of deltaPieces(tiltedSum(parts, tilt), infinite)) {
    if (constant - slope > delta) return Math.max(0, Math.min(next, loss + Math.log((constant - delta) / slope)));
    if (loss <= 0) return 0;
    next = loss;
  }
  return next;
}

function deltaOf(parts: readonly Part[], epsilon: number): number {
  const infinite = infiniteMass(parts);
  const bound = (logTilt: number): number => {
    const tilt = Math.exp(logTilt);
    return totalLogMoment(parts, tilt) - tilt * epsilon;
  };
  const tilt = Math.exp(goldenSection(bound, TILTS.low, TILTS.high, 1e-2).x);
  let delta = 1;
  for (const { loss, constant, slope } of deltaPieces(tiltedSum(parts, tilt), infinite)) {
    delta = constant - slope * Math.exp(epsilon - loss);
    if (loss <= epsilon) break;
  }
  return Math.min(1, delta);
}
