import {
  blackBox, copy, dynamicalRange, flipToOpposite, loadTable, matrix, mlp, seededRng, stratifiedSplit, subset, svc,
  trainNetworkSync, uniformSampler, type Dataset, type Matrix,
} from "../../lib";

function halves(data: Dataset): { train: Dataset; test: Dataset } {
  const { train, test } = stratifiedSplit(data.y, { testFraction: 0.5, rng: seededRng(42) });
  return { train: subset(data, train), test: subset(data, test) };
}

/** The iris table, a model of it behind a black box, and a copy. */
export async function tables() {
  const iris = await loadTable("iris");
  const { train, test } = halves(iris);
  const ranges = dynamicalRange(train.X);
  const sampler = uniformSampler(ranges);
  const original = svc().fit(train.X, train.y);
  const [y, z] = [test.y, original.predict(test.X)];
  const rng = seededRng(7);
  const stolen = await copy(blackBox(original), { sampler, estimator: svc({ C: 1000 }), budget: 200, rng });
  return {
    iris, X: test.X, y, z, train, test, ranges, sampler, original, stolen, rng,
    classifier: original, irisModel: original, box: blackBox(original),
  };
}

/** Each pixel of 8×8 images, repeated to the side asked for; grey values to 255. */
function enlarge(X: Matrix, side: number, channels = 1): Matrix<Uint8Array> {
  const [n] = X.shape;
  const width = side * side * channels;
  const source = (p: number): number => {
    const [row, column] = [Math.floor(p / channels / side), Math.floor(p / channels) % side];
    return Math.floor((row * 8) / side) * 8 + Math.floor((column * 8) / side);
  };
  const data = Uint8Array.from({ length: n * width }, (_, i) =>
    (X.data[Math.floor(i / width) * 64 + source(i % width)] * 255) / 16);
  return matrix(data, [n, width]);
}

async function digits(count: number, side: number, channels = 1) {
  const all = await loadTable("digits");
  const some = subset(all, Int32Array.from({ length: count }, (_, i) => i));
  const { train, test } = halves({ ...some, X: enlarge(some.X, side, channels) });
  return { X: train.X, y: train.y, train, test, rng: seededRng(7) };
}

/** Three hundred digits to learn from and as many to be judged by, as large as MNIST's. */
export const images = () => digits(600, 28);

/** Forty digits as large and as colourful as CIFAR-10's. */
export const colourImages = () => digits(80, 32, 3);

/** Digits of which forty carry wrong labels, and a small network that was trained on them. */
export async function poisonedImages() {
  const { X, y: yTrue, train, test, rng } = await images();
  const { y, flipped } = flipToOpposite(yTrue, { budget: 40, rng: seededRng(42) });
  const architecture = mlp({ numFeatures: X.shape[1], hidden: [16, 16], numClasses: 10, inputScale: 1 / 255 });
  const { network } = trainNetworkSync(architecture, X, y, { epochs: 20, rng: seededRng(1) });
  return { X, y, yTrue, flipped, train, test, rng, network, poisoned: network };
}
