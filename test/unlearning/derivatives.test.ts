import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  layer,
  lossDerivatives,
  matrix,
  networkOf,
  mlp,
  parameterSpecs,
  seededRng,
  initializeNetwork,
  splitNetwork,
  networkOutputs,
  type Activation,
  type Architecture,
  type Matrix,
  type Network,
  type ParameterSelection,
} from "../../lib";
import { loadTensorflow } from "../../lib/tensorflow";

interface ReferenceCase {
  loss: number;
  n_params: number;
  n_selected: number;
  full_grad: number[];
  full_hvp: number[];
}

const reference = JSON.parse(readFileSync(join(__dirname, "hvp-reference.json"), "utf8")) as {
  cases: Record<string, ReferenceCase>;
};

const relativeError = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    norm += b[i] ** 2;
  }
  return Math.sqrt(difference / norm);
};

/**
 * The network of the reference values: every weight 0.1 · sin(running index); see `definition` in hvp-reference.json.
 */
function referenceNetwork(activation: Activation, withBatchNorm: boolean): Network {
  const architecture: Architecture = {
    inputShape: [8, 8, 3],
    inputScale: 1,
    layers: [
      layer.conv2d(4, { activation }),
      layer.maxPool(2),
      layer.conv2d(4, { activation }),
      layer.maxPool(2),
      layer.flatten(),
      layer.dense(6, { activation }),
      ...(withBatchNorm ? [layer.batchNorm()] : []),
      layer.dense(3),
    ],
  };
  let running = 0;
  const weights = parameterSpecs(architecture).map(({ name, size, trainable }) =>
    Float32Array.from({ length: size }, (_, j) => {
      if (name.endsWith("movingMean")) return 0.05 * Math.cos(j);
      if (!trainable) return 1 + 0.1 * Math.sin(j);
      const value = 0.1 * Math.sin(running++);
      return name.endsWith("gamma") ? 1 + value : value;
    }),
  );
  return networkOf(architecture, weights);
}

const X = matrix(
  Float32Array.from({ length: 768 }, (_, k) => 0.5 * Math.sin(0.7 * k)),
  [4, 192],
);
const y = Int32Array.of(0, 1, 2, 1);
const cosines = (size: number, from = 0): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => Math.cos(from + i));

for (const [name, expected] of Object.entries(reference.cases)) {
  const [activation, norm, reduction, scope] = name.split("_");
  for (const kernels of ["native", "plain"] as const)
    test(`${name}: loss, gradient and Hessian-vector product equal the float64 reference (${kernels})`, () => {
      const network = referenceNetwork(activation as Activation, norm === "bn");
      const selection: ParameterSelection = scope === "head" ? { last: norm === "bn" ? 6 : 4 } : "all";
      const derivatives = lossDerivatives(network, X, y, {
        parameters: selection,
        reduction: reduction as "mean",
        kernels,
      });
      assert.equal(derivatives.size, expected.n_selected);
      assert.ok(Math.abs(derivatives.loss() - expected.loss) < 1e-6);
      assert.ok(relativeError(derivatives.gradient(), expected.full_grad) < 2e-6);
      const v = cosines(expected.n_selected, expected.n_params - expected.n_selected);
      assert.ok(relativeError(derivatives.hessianVectorProduct(v), expected.full_hvp) < 2e-6);
      derivatives.dispose();
    });
}

/** A direction's finite difference of gradients. */
function finiteDifference(network: Network, inputs: Matrix, v: Float64Array, step: number): Float64Array {
  const specs = parameterSpecs(network.architecture);
  const gradientAt = (sign: number): Float64Array => {
    let offset = 0;
    const weights = network.weights.map((values, t) => {
      if (!specs[t].trainable) return values;
      const from = offset;
      offset += values.length;
      return values.map((value, i) => value + sign * step * v[from + i]);
    });
    const derivatives = lossDerivatives({ ...network, weights }, inputs, y);
    const gradient = derivatives.gradient();
    derivatives.dispose();
    return gradient;
  };
  const plus = gradientAt(1);
  const minus = gradientAt(-1);
  return plus.map((value, i) => (value - minus[i]) / (2 * step));
}

/** Random images: no two pixels of a window are close, so a small step changes no winner. */
const images = matrix(
  Float32Array.from(
    { length: 768 },
    (
      (rng) => () =>
        rng.normal()
    )(seededRng(8)),
  ),
  [4, 192],
);
const unit = (size: number): Float64Array => cosines(size).map((value) => value / Math.sqrt(size / 2));

function agreesWithFiniteDifferences(architecture: Architecture): void {
  const network = initializeNetwork(architecture, { rng: seededRng(3) });
  const derivatives = lossDerivatives(network, images, y);
  const v = unit(derivatives.size);
  const exact = derivatives.hessianVectorProduct(v);
  derivatives.dispose();
  assert.ok(relativeError(finiteDifference(network, images, v, 1e-3), exact) < 2e-3);
}

for (const activation of ["relu", "tanh", "softplus"] as const)
  test(`Hessian-vector products through ${activation} and batch norm agree with finite differences`, () =>
    agreesWithFiniteDifferences(referenceNetwork(activation, true).architecture));

for (const activation of ["relu", "tanh", "softplus"] as const)
  test(`${activation} as a layer of its own is differentiated as that of the layer before it`, () => {
    const together = referenceNetwork(activation, true);
    const layers = together.architecture.layers.flatMap((one) => ("activation" in one && one.activation !== "linear"
      ? [{ ...one, activation: "linear" as const }, layer.activation(activation)] : [one]));
    const apart = networkOf({ ...together.architecture, layers }, together.weights);
    const [expected, got] = [together, apart].map((network) => {
      const derivatives = lossDerivatives(network, images, y);
      const all = [derivatives.loss(), ...derivatives.gradient(),
        ...derivatives.hessianVectorProduct(unit(derivatives.size))];
      derivatives.dispose();
      return all;
    });
    assert.deepEqual(got, expected);
  });

test("an activation behind a batch norm is differentiated as finite differences say", () =>
  agreesWithFiniteDifferences({ inputShape: [8, 8, 3], inputScale: 1, layers: [
    layer.conv2d(4, { activation: "linear" }), layer.maxPool(2), layer.batchNorm(), layer.activation("tanh"),
    layer.flatten(), layer.dense(3)] }));

test("batch norm between convolutions is differentiated too, in any subset of layers", () => {
  const architecture: Architecture = {
    inputShape: [8, 8, 3],
    inputScale: 1,
    layers: [
      layer.conv2d(3, { activation: "tanh" }),
      layer.batchNorm(),
      layer.maxPool(2),
      layer.conv2d(4, { activation: "softplus", padding: "valid" }),
      layer.batchNorm(),
      layer.flatten(),
      layer.dense(3),
    ],
  };
  const network = initializeNetwork(architecture, { rng: seededRng(2) });
  const all = lossDerivatives(network, images, y);
  const v = unit(all.size);
  const exact = all.hessianVectorProduct(v);
  assert.ok(relativeError(finiteDifference(network, images, v, 1e-3), exact) < 2e-3);

  const names = ["conv2_kernel", "batchNorm1_gamma", "dense1_bias"];
  const some = lossDerivatives(network, images, y, { parameters: names });
  assert.deepEqual(some.names, ["batchNorm1_gamma", "conv2_kernel", "dense1_bias"]);
  const within: number[] = [];
  let offset = 0;
  for (const spec of parameterSpecs(architecture).filter(({ trainable }) => trainable)) {
    if (names.includes(spec.name)) for (let i = 0; i < spec.size; i++) within.push(offset + i);
    offset += spec.size;
  }
  const padded = new Float64Array(all.size);
  within.forEach((position, i) => {
    padded[position] = Math.sin(i);
  });
  const wanted = all.hessianVectorProduct(padded);
  const product = some.hessianVectorProduct(within.map((_, i) => Math.sin(i)));
  assert.ok(
    relativeError(
      product,
      within.map((position) => wanted[position]),
    ) < 1e-5,
  );
  all.dispose();
  some.dispose();
});

test("the sum's derivatives are n times the mean's, whatever the batch size and the cache", () => {
  const network = referenceNetwork("tanh", true);
  const mean = lossDerivatives(network, X, y);
  const sum = lossDerivatives(network, X, y, { reduction: "sum", batchSize: 3, cacheBytes: 0 });
  const v = cosines(mean.size);
  assert.ok(
    relativeError(
      sum.hessianVectorProduct(v),
      mean.hessianVectorProduct(v).map((value) => 4 * value),
    ) < 2e-6,
  );
  assert.ok(
    relativeError(
      sum.gaussNewtonVectorProduct(v),
      mean.gaussNewtonVectorProduct(v).map((value) => 4 * value),
    ) < 2e-6,
  );
  assert.deepEqual(sum.counters, { gradients: 0, hessianVectorProducts: 4, gaussNewtonVectorProducts: 4 });
  mean.dispose();
  sum.dispose();
});

test("Gauss–Newton equals the Hessian on a linear model, and has no negative curvature on a deep one", () => {
  const rows = matrix(
    Float32Array.from({ length: 60 }, (_, i) => Math.sin(i * i)),
    [12, 5],
  );
  const labels = Int32Array.from({ length: 12 }, (_, i) => i % 3);
  const linear = initializeNetwork(mlp({ numFeatures: 5, hidden: [], numClasses: 3 }), { rng: seededRng(1) });
  const flat = lossDerivatives(linear, rows, labels);
  assert.ok(relativeError(flat.gaussNewtonVectorProduct(cosines(18)), flat.hessianVectorProduct(cosines(18))) < 2e-6);
  flat.dispose();
  const deep = lossDerivatives(referenceNetwork("relu", true), X, y);
  const rng = seededRng(4);
  for (let draw = 0; draw < 10; draw++) {
    const v = Float64Array.from({ length: deep.size }, () => rng.normal());
    const product = deep.gaussNewtonVectorProduct(v);
    assert.ok(product.reduce((sum, value, i) => sum + value * v[i], 0) >= 0);
  }
  deep.dispose();
});

test("the Hessian is symmetric", () => {
  const derivatives = lossDerivatives(referenceNetwork("softplus", true), X, y);
  const u = cosines(derivatives.size);
  const v = u.map((_, i) => Math.sin(3 * i));
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const left = dot(u, derivatives.hessianVectorProduct(v));
  const right = dot(v, derivatives.hessianVectorProduct(u));
  assert.ok(Math.abs(left - right) < 1e-5 * Math.max(1, Math.abs(left)));
  derivatives.dispose();
});

test("on cached trunk features the head's derivatives are the whole network's", () => {
  const network = referenceNetwork("relu", true);
  const { trunk, head } = splitNetwork(network, 5);
  const whole = lossDerivatives(network, X, y, { parameters: { last: 6 } });
  const cached = lossDerivatives(head, networkOutputs(trunk, X), y);
  const v = cosines(whole.size);
  assert.ok(relativeError(cached.hessianVectorProduct(v), whole.hessianVectorProduct(v)) < 1e-5);
  assert.ok(relativeError(cached.gradient(), whole.gradient()) < 1e-5);
  whole.dispose();
  cached.dispose();
});

test("derivatives leave no tensor behind", () => {
  const tf = loadTensorflow();
  const use = (cacheBytes: number): void => {
    const derivatives = lossDerivatives(referenceNetwork("relu", true), X, y, { batchSize: 3, cacheBytes });
    for (let i = 0; i < 50; i++) derivatives.hessianVectorProduct(derivatives.gradient());
    derivatives.gaussNewtonVectorProduct(derivatives.gradient());
    derivatives.dispose();
  };
  use(0);
  const before = tf.memory().numTensors;
  use(0);
  use(2 ** 28);
  use(2500);
  assert.equal(tf.memory().numTensors, before);
});

test("a parameter that does not exist, a wrong length and a bad number are named", () => {
  const network = referenceNetwork("relu", false);
  assert.throws(() => lossDerivatives(network, X, y, { parameters: ["conv9_kernel"] }), {
    name: "RangeError",
    message: /parameter must be one of conv1_kernel, .*, got "conv9_kernel"/,
  });
  assert.throws(() => lossDerivatives(network, X, y, { parameters: { last: 9 } }), {
    message: /last must be an integer in \[1, 8\], got 9/,
  });
  assert.throws(() => lossDerivatives(network, X, Int32Array.of(0, 1, 2, 7)), {
    message: /classes must be in \[0, 3\), got 7/,
  });
  const derivatives = lossDerivatives(network, X, y);
  assert.throws(() => derivatives.hessianVectorProduct([1]), { message: /v must have 383 numbers, got 1/ });
  assert.throws(() => derivatives.hessianVectorProduct(new Float64Array(383).fill(NaN)), {
    message: /v must be finite, got NaN at position 0/,
  });
  derivatives.dispose();
});
