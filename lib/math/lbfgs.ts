import { throwIfInterrupted } from "../interrupt";
import { dot } from "./linear-algebra";
import { largestMagnitude } from "./power-of-two";

/** A smooth function's value; writes the gradient at `x` into `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  /** Stops when no entry of the gradient is larger … */
  tolerance: number;
  /** … and the value is expected to fall by at most this share of itself; 1e-5 unless told. */
  relativeFall?: number;
  maxIterations: number;
  /** Steps remembered to approximate the curvature. */
  memory?: number;
}

export interface Minimum {
  x: Float64Array;
  value: number;
  iterations: number;
  converged: boolean;
}

/**
 * Minimises a smooth convex function by L-BFGS with a backtracking line search.
 *
 * @param start Where to begin, shape [p]; not modified.
 * @see Nocedal & Wright, Numerical Optimization, algorithms 7.4 and 7.5; the line search asks for sufficient decrease,
 * and a step whose curvature is not positive is not remembered.
 */
export function lbfgs(
  objective: Objective,
  start: Float64Array,
  { tolerance, relativeFall = 1e-5, maxIterations, memory = 10 }: LbfgsOptions,
): Minimum {
  let x = start.slice();
  let gradient = new Float64Array(x.length);
  let value = objective(x, gradient);
  const history: { s: Float64Array; g: Float64Array; rho: number }[] = [];
  let iterations = 0;
  for (;;) {
    throwIfInterrupted();
    const direction = descentDirection(gradient, history);
    let slope = dot(direction, gradient);
    if (largestMagnitude(gradient) <= tolerance && -slope / 2 <= relativeFall * Math.abs(value))
      return { x, value, iterations, converged: true };
    if (iterations++ === maxIterations) return { x, value, iterations: maxIterations, converged: false };
    if (!(slope < 0)) {
      history.length = 0;
      gradient.forEach((g, i) => (direction[i] = -g));
      slope = dot(direction, gradient);
    }
    let step = history.length ? 1 : Math.min(1, 1 / Math.sqrt(-slope));
    const nextX = new Float64Array(x.length);
    const nextGradient = new Float64Array(x.length);
    let nextValue = Infinity;
    for (let halvings = 0; halvings < 50; halvings++, step /= 2) {
      for (let i = 0; i < x.length; i++) nextX[i] = x[i] + step * direction[i];
      nextValue = objective(nextX, nextGradient);
      if (nextValue <= value + 1e-4 * step * slope) break;
    }
    if (!(nextValue < value)) return { x, value, iterations, converged: false };
    const s = nextX.map((v, i) => v - x[i]);
    const g = nextGradient.map((v, i) => v - gradient[i]);
    const curvature = dot(s, g);
    if (curvature > 1e-12 * dot(g, g)) {
      history.push({ s, g, rho: 1 / curvature });
      if (history.length > memory) history.shift();
    }
    x = nextX;
    gradient = nextGradient;
    value = nextValue;
  }
}

function descentDirection(
  gradient: Float64Array,
  history: readonly { s: Float64Array; g: Float64Array; rho: number }[],
): Float64Array {
  const q = gradient.map((v) => -v);
  const alphas = new Float64Array(history.length);
  for (let h = history.length - 1; h >= 0; h--) {
    const { s, g, rho } = history[h];
    alphas[h] = rho * dot(s, q);
    for (let i = 0; i < q.length; i++) q[i] -= alphas[h] * g[i];
  }
  const last = history.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.g, last.g));
    for (let i = 0; i < q.length; i++) q[i] *= scale;
  }
  history.forEach(({ s, g, rho }, h) => {
    const beta = rho * dot(g, q);
    for (let i = 0; i < q.length; i++) q[i] += (alphas[h] - beta) * s[i];
  });
  return q;
}
