import {
  type Architecture, type Classifier, type Matrix, type Rng, grayImages, layer, loadCifar10, loadTable, matrix,
  resizedImages, warpedCopies,
} from "../../lib";

/** A small network for grey pictures of 28 × 28: two convolutions, 18,000 weights. */
export const imageReader = (inputScale = 1 / 255): Architecture => ({
  inputShape: [28, 28, 1], inputScale,
  layers: [layer.conv2d(8, { kernelSize: 5, padding: "valid" }), layer.maxPool(2),
    layer.conv2d(16, { kernelSize: 5, padding: "valid" }), layer.maxPool(2), layer.flatten(),
    layer.dense(64, { activation: "relu" }), layer.dense(10)],
});

/** Puts square pictures into the middle of black ones. */
function framed({ data, shape: [n, d] }: Matrix, side: number): Matrix<Uint8Array> {
  const inner = Math.sqrt(d);
  const margin = (side - inner) / 2;
  const out = new Uint8Array(n * side * side);
  for (let i = 0; i < n; i++)
    for (let row = 0; row < inner; row++)
      for (let column = 0; column < inner; column++)
        out[(i * side + row + margin) * side + column + margin] = Math.round(data[i * d + row * inner + column]);
  return matrix(out, [n, side * side]);
}

/** Pictures that a thief has, and what they show in his own words. */
export interface ThiefSet {
  readonly X: Matrix;
  readonly groups: Int32Array;
}

/** How far a warped copy goes from its picture. */
const SPREAD = { rotation: 0.15, shear: 0.1, scale: 0.1, aspect: 0.1, elastic: 1, elasticGrid: 4 };

/** The digits of 8 × 8 that ship with the project, enlarged to 20 × 20 in a frame of 28 × 28, and warped copies. */
export async function enlargedDigits(atLeast: number, rng: Rng): Promise<{ plain: ThiefSet; warped: ThiefSet }> {
  const { X: tiny, y } = await loadTable("digits");
  const bright = matrix(tiny.data.map((value) => (value * 255) / 16), tiny.shape);
  const X = framed(resizedImages(bright, { from: [8, 8], to: [20, 20] }), 28);
  const copies = Math.ceil(atLeast / y.length);
  const groups = Int32Array.from({ length: copies * y.length }, (_, i) => y[i % y.length]);
  return { plain: { X, groups: y }, warped: { X: warpedCopies(X, { copies, spread: SPREAD, rng }), groups } };
}

/** Things and animals of CIFAR-10 in grey, 28 × 28. */
export async function grayThings(count: number): Promise<ThiefSet> {
  const { train } = await loadCifar10({ train: count, test: 0 });
  const X = resizedImages(grayImages(train.X), { from: [32, 32], to: [28, 28] });
  return { X: matrix(Uint8Array.from(X.data, Math.round), X.shape), groups: train.y };
}

/** What a thief makes of a model's smoothed answers who knows the share. */
export function unsmoothed(model: Classifier, share: number): Classifier {
  const k = model.classes.length;
  return { ...model, predict: (X) => model.predict(X), predictProba: (X) => {
    const { data, shape } = model.predictProba!(X);
    return matrix(data.map((p) => Math.max(0, (p - share / k) / (1 - share))), shape);
  } };
}
