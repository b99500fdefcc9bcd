import type { Tensor, Tensor3D } from "@tensorflow/tfjs-node";
import { holdInterrupts, throwIfInterrupted } from "../interrupt";
import { type Matrix, matrix } from "../matrix";
import type { Rng } from "../random";
import { layer, parameterSpecs, type Architecture, type Layer } from "../training/layers";
import { numClassesOf, type Network } from "../training/network";
import { initializeNetwork, networkOf } from "../training/network-classifier";
import { adam, type Optimizer } from "../training/optimizers";
import { freshSlots } from "../training/parameters";
import { backward, forward, liveLayers } from "../training/passes";
import { argMax } from "../training/predict";
import { runtimeOf, type Kernels, type Runtime } from "../training/runtime";
import { applyStep, liveNetwork, type LiveNetwork } from "../training/step";
import { requireFinite, requireInteger, requirePositive } from "../validate";
import { mutualInformation } from "./mutual-information";
import { imageViews, type ViewOptions } from "../images/views";

/** Heads of the same number of clusters: dense layers side by side on one trunk. */
export interface HeadGroup {
  heads: number;
  clusters: number;
}

export interface IicOptions {
  /** Clusters wanted. */
  numClusters: number;
  /** How many heads name them; the one of most information is kept. Default 5. */
  heads?: number;
  /** More clusters, named by as many further heads, which only help the trunk to learn; 0 for none. Default 50. */
  overClusters?: number;
  epochs: number;
  /** Images in a step; 250. Too few, and the joint chances of the clusters can't be estimated. */
  batchSize?: number;
  /** How many pairs of views a step takes of each of its images; 1. */
  pairs?: number;
  /** How the two views of a pair are made. */
  views?: ViewOptions;
  /** Adam with a learning rate of 0.002. */
  optimizer?: Optimizer;
  /** Lets the learning rate fall from its value to nearly 0 along half a cosine; false. */
  cooling?: boolean;
  /** First weights, order and views. */
  rng: Rng;
  /** Called after each epoch with its number, from 1, and the mean information of the heads that name clusters. */
  onEpoch?: (epoch: number, information: number) => void;
  /** "native". */
  kernels?: Kernels;
}

/** A clustering by a network. It holds no tensors. */
export interface Iic {
  /** Gives the logits of all heads, side by side: those for numClusters, then those for overClusters. */
  network: Network;
  numClusters: number;
  /** Pixels of the images it was trained on. */
  numFeatures: number;
  /** The head of most information, which `assignClusters` asks. */
  head: number;
  /** Mean information of each naming head over the last epoch, in nats; at most ln numClusters. */
  information: Float64Array;
}

/** Three convolutions of 3 × 3 and two poolings leave one pixel of so many. */
const LEAST_SIDE = 18;

/**
 * A small network for grey images: three convolutions with batch norm, and pooling after two of them.
 *
 * @param options.side Side of the views; 24.
 * @param options.filters Filters of the first convolution; the others have two and four times as many. 16.
 * @throws {RangeError} If an option is out of range.
 * @see Ji, Henriques & Vedaldi, ICCV 2019, appendix: a VGG of four convolutions, 64 to 512 filters.
 */
export function iicTrunk({ side = 24, filters = 16, inputScale = 1 / 255 } = {}): Architecture {
  requireInteger("iicTrunk", "side", side, LEAST_SIDE);
  requireInteger("iicTrunk", "filters", filters, 1);
  requirePositive("iicTrunk", "inputScale", inputScale);
  const block = (times: number): Layer[] =>
    [layer.conv2d(times * filters, { padding: "valid" }), layer.batchNorm({ momentum: 0.9 })];
  return {
    inputShape: [side, side, 1],
    inputScale,
    layers: [
      ...block(1), layer.maxPool(2),
      ...block(2), layer.maxPool(2),
      ...block(4),
      layer.flatten(),
    ],
  };
}

/** Information of each head of a group, and minus its sum's gradient by the logits. */
interface GroupResult {
  information: Float64Array;
  gradient: Tensor;
}

/**
 * One group of heads on the logits of pairs of views.
 *
 * @param logits Shape [2n, heads · clusters]: first views, then second ones in the same order.
 * @internal
 */
export function groupGradient({ tf }: Runtime, logits: Tensor, { heads, clusters }: HeadGroup): GroupResult {
  const pairs = logits.shape[0] / 2;
  const soft = tf.softmax(logits.reshape([2, pairs, heads, clusters])).transpose([0, 2, 1, 3]);
  const [first, second] = tf.unstack(soft) as Tensor3D[];
  const together = tf.matMul(first, second, true, false).dataSync<"float32">();
  const slopes = new Float32Array(heads * clusters * clusters);
  const information = Float64Array.from({ length: heads }, (_, head) => {
    const counts = together.subarray(head * clusters * clusters, (head + 1) * clusters * clusters);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const joint = Float64Array.from(counts, (count, p) =>
      (count + counts[(p % clusters) * clusters + Math.floor(p / clusters)]) / (2 * total));
    const { value, gradient } = mutualInformation(matrix(joint, [clusters, clusters]));
    slopes.set(gradient.data, head * clusters * clusters);
    return value;
  });
  // The joint chances are made symmetric, so their gradient is its own transpose.
  const slope = tf.mul(tf.tensor3d(slopes, [heads, clusters, clusters]), -1 / pairs) as Tensor3D;
  const bySoft = tf.stack([tf.matMul(second, slope), tf.matMul(first, slope)]);
  const bySoftmax = tf.mul(soft, tf.sub(bySoft, tf.sum(tf.mul(soft, bySoft), 3, true)));
  return { information, gradient: bySoftmax.transpose([0, 2, 1, 3]).reshape([2 * pairs, heads * clusters]) };
}

/** One gradient step on pairs of views; the information of each naming head. */
function iicStep(network: LiveNetwork, groups: readonly HeadGroup[], views: Matrix<Float32Array>, update: number,
): Float64Array {
  const { runtime, architecture, store } = network;
  const { tf } = runtime;
  const { inputShape, inputScale } = architecture;
  let information = new Float64Array();
  const results = tf.tidy((): Tensor[] => {
    const layers = liveLayers(architecture, store.read());
    const x = tf.mul(tf.tensor(views.data, [views.shape[0], ...inputShape], "float32"), inputScale);
    const tapes = forward(runtime, layers, x, { training: true, seed: 0 });
    const logits = tapes[tapes.length - 1].y;
    const parts = tf.split(logits, groups.map(({ heads, clusters }) => heads * clusters), 1);
    const gradients = groups.map((group, g) => groupGradient(runtime, parts[g], group));
    information = gradients[0].information;
    const dlogits = tf.concat(gradients.map(({ gradient }) => gradient), 1);
    const flat = backward(runtime, layers, tapes, dlogits).flat();
    return [...flat, ...tapes.flatMap((tape) => tape.moving ?? [])];
  });
  applyStep(network, results, update);
  return information;
}

/** The optimiser when a share of the steps is done: its rate on half a cosine from the top to 0. */
const cooled = (optimizer: Optimizer, done: number): Optimizer =>
  ({ ...optimizer, learningRate: (optimizer.learningRate * (1 + Math.cos(Math.PI * done))) / 2 });

/**
 * Invariant information clustering: trains a network, without labels, so that two random views of one image fall into
 * the same cluster while all clusters stay in use, by maximising the mutual information of the two views' clusters.
 *
 * @param trunk Layers before the heads, which give one row of features (`iicTrunk`); its input is a square view.
 * @param X Square grey images, shape [n, pixels], finite; not modified.
 * @throws {RangeError} If data and trunk don't fit or a setting is out of range.
 * @see Ji, Henriques & Vedaldi, ICCV 2019 (arXiv 1807.06653). There main and over-clustering heads take turns by
 * epochs; here all heads are trained in each step, and the entropies' weight is 1.
 * @example
 * const iic = trainIic(iicTrunk(), train.X, { numClusters: 10, epochs: 10, rng: seededRng(1) });
 * const clusters = assignClusters(iic, test.X);
 */
export function trainIic(trunk: Architecture, X: Matrix, options: IicOptions): Iic {
  const { numClusters, heads = 5, overClusters = 50, epochs, batchSize = 250, pairs = 1, views = {} } = options;
  const { optimizer = adam({ learningRate: 2e-3 }), cooling = false, rng, onEpoch, kernels } = options;
  const fn = "trainIic";
  const [n] = X.shape;
  requireInteger(fn, "numClusters", numClusters, 2);
  requireInteger(fn, "heads", heads, 1);
  requireInteger(fn, "overClusters", overClusters, 0);
  requireInteger(fn, "epochs", epochs, 1);
  requireInteger(fn, "pairs", pairs, 1);
  requireInteger(fn, "batchSize", batchSize, 2, n);
  requireFinite(fn, "X", X.data);
  const groups: HeadGroup[] = [{ heads, clusters: numClusters }];
  if (overClusters > 0) groups.push({ heads, clusters: overClusters });
  const units = groups.reduce((sum, group) => sum + group.heads * group.clusters, 0);
  numClassesOf(trunk);
  const architecture = { ...trunk, layers: [...trunk.layers, layer.dense(units)] };
  const side = trunk.inputShape[0];
  const { weights } = initializeNetwork(architecture, { rng: rng.spawn(0) });
  const begin = { weights, slots: freshSlots(parameterSpecs(architecture), optimizer) };
  const moving = { ...optimizer };
  const live = liveNetwork(runtimeOf(kernels), architecture, begin, moving);
  const information = new Float64Array(heads);
  const steps = Math.floor(n / batchSize);
  const release = holdInterrupts();
  try {
    for (let epoch = 0, update = 1; epoch < epochs; epoch++) {
      const draws = rng.spawn(1).spawn(epoch);
      const order = draws.permutation(n);
      information.fill(0);
      for (let step = 0; step < steps; step++, update++) {
        throwIfInterrupted();
        const one = order.subarray(step * batchSize, (step + 1) * batchSize);
        const twice = Int32Array.from({ length: 2 * pairs * batchSize }, (_, i) => one[i % batchSize]);
        const batch = imageViews(X, twice, { side, views, rng: draws });
        if (cooling) Object.assign(moving, cooled(optimizer, (update - 1) / (epochs * steps)));
        iicStep(live, groups, batch, update)
          .forEach((value, head) => (information[head] += value / steps));
      }
      onEpoch?.(epoch + 1, information.reduce((a, b) => a + b) / heads);
    }
    const network = networkOf(architecture, live.store.values().weights);
    return { network, numClusters, numFeatures: X.shape[1], head: argMax(information, 0, heads), information };
  } finally {
    release();
    live.store.dispose();
  }
}
