import type { Tensor } from "@tensorflow/tfjs-node";
import type { Matrix } from "../matrix";
import { tidy } from "../tensorflow";
import { DivergenceError } from "../training/divergence";
import { parameterSpecs, type ParameterSpec } from "../training/layers";
import { gatherBatch, requireExamples, requireNetwork, type Network } from "../training/network";
import { backwardLayer, forward, liveLayers, type LayerTape, type LiveLayer, type Needs } from "../training/passes";
import { runtimeOf, type Kernels, type Runtime } from "../training/runtime";
import { requireFinite, requireInteger, requireOneOf } from "../validate";
import { selectParameters, type ParameterSelection } from "./parameter-selection";
import { backwardTangent, forwardTangent, type LayerTangents, type MovingLayer, type Tangent } from "./tangents";

export interface DerivativesOptions {
  /** @defaultValue "all" */
  parameters?: ParameterSelection;
  /**
   * Loss over the examples: their mean or their sum.
   * @defaultValue "mean"
   */
  reduction?: "mean" | "sum";
  /**
   * Examples at a time. It changes memory and speed only.
   * @defaultValue 256
   */
  batchSize?: number;
  /**
   * Bytes of activations to keep between products; 0 computes them anew each time.
   * @defaultValue 2²⁸
   */
  cacheBytes?: number;
  /** @defaultValue "native" */
  kernels?: Kernels;
}

/** Work really done, in examples. */
export interface DerivativeCounters {
  gradients: number;
  hessianVectorProducts: number;
  gaussNewtonVectorProducts: number;
}

/** A network's loss on fixed examples, and its derivatives by the selected parameters, laid end to end. */
export interface LossDerivatives {
  /** Number of selected parameters: the length of every vector here. */
  readonly size: number;
  readonly names: readonly string[];
  readonly counters: Readonly<DerivativeCounters>;
  loss(): number;
  gradient(): Float64Array;
  /** H v, with H the exact Hessian of the loss. */
  hessianVectorProduct(v: ArrayLike<number>): Float64Array;
  /** G v, with G = Jᵀ (∂²loss/∂logits²) J: the Hessian without the network's own curvature, positive semi-definite. */
  gaussNewtonVectorProduct(v: ArrayLike<number>): Float64Array;
  /** Frees the tensors. */
  dispose(): void;
}

/** A batch after its forward and backward pass. */
interface Prepared {
  readonly tapes: LayerTape[];
  /** Gradient of the loss by each layer's output, from the first differentiated layer on. */
  readonly dys: Tensor[];
  readonly probabilities: Tensor;
  readonly loss: number;
}

class Derivatives implements LossDerivatives {
  readonly size: number;
  readonly names: string[];
  readonly counters: DerivativeCounters = { gradients: 0, hessianVectorProducts: 0, gaussNewtonVectorProducts: 0 };
  private readonly specs: ParameterSpec[];
  private readonly selected: number[];
  private readonly tensors: Tensor[];
  private readonly layers: readonly LiveLayer[];
  /** The first differentiated layer. */
  private readonly first: number;
  private readonly cache = new Map<number, Prepared>();
  private readonly cached: Tensor[] = [];
  private cachedBytes = 0;

  constructor(
    private readonly runtime: Runtime,
    private readonly network: Network,
    private readonly X: Matrix,
    private readonly y: Int32Array,
    private readonly options: Required<Omit<DerivativesOptions, "kernels">>,
  ) {
    const { architecture } = network;
    this.specs = parameterSpecs(architecture);
    this.selected = selectParameters(this.specs, options.parameters);
    this.first = this.specs[this.selected[0]].layer;
    this.size = this.selected.reduce((sum, i) => sum + this.specs[i].size, 0);
    this.names = this.selected.map((i) => this.specs[i].name);
    this.tensors = runtime.tensors(this.specs, network.weights);
    this.layers = liveLayers(architecture, this.tensors);
  }

  loss(): number {
    let total = 0;
    this.eachBatch((prepared) => {
      total += prepared.loss;
    });
    return total;
  }

  gradient(): Float64Array {
    this.counters.gradients += this.y.length;
    return this.sumOverBatches(({ tapes, dys }) =>
      this.layers.map((live, l) => {
        const needs = { input: false, weights: true };
        return this.hasSelected(l) ? [...backwardLayer(this.runtime, live, tapes[l], dys[l], needs).gradients] : [];
      }),
    );
  }

  hessianVectorProduct(v: ArrayLike<number>): Float64Array {
    this.counters.hessianVectorProducts += this.y.length;
    return this.along("hessianVectorProduct", v, (prepared, moving) => {
      const tangents = this.forwardTangents(prepared, moving);
      const top = this.logitCurvature(prepared, tangents[tangents.length - 1].y);
      return this.backward(top, (l, above) => {
        const passes = { tape: prepared.tapes[l], tangents: tangents[l], dy: prepared.dys[l] };
        const { rdx, gradients } = backwardTangent(this.runtime, moving[l], passes, above, this.needs(l));
        return { input: rdx, gradients: [...gradients] };
      });
    });
  }

  gaussNewtonVectorProduct(v: ArrayLike<number>): Float64Array {
    this.counters.gaussNewtonVectorProducts += this.y.length;
    return this.along("gaussNewtonVectorProduct", v, (prepared, moving) => {
      const tangents = this.forwardTangents(prepared, moving);
      const top = this.logitCurvature(prepared, tangents[tangents.length - 1].y);
      return this.backward(top, (l, above) => {
        if (!above) return { input: null, gradients: [] };
        const { dx, gradients } = backwardLayer(this.runtime, moving[l], prepared.tapes[l], above, this.needs(l));
        return { input: dx, gradients: [...gradients] };
      });
    });
  }

  dispose(): void {
    this.runtime.tf.dispose([...this.tensors, ...this.cached]);
    this.cached.length = 0;
    this.cache.clear();
  }

  private hasSelected(l: number): boolean {
    return this.selected.some((i) => this.specs[i].layer === l);
  }

  private needs(l: number): Needs {
    return { input: l > this.first, weights: this.hasSelected(l) };
  }

  /** A product along a direction, which is laid over the weights: one tangent a tensor. */
  private along(
    fn: string,
    v: ArrayLike<number>,
    gradientsOf: (prepared: Prepared, moving: readonly MovingLayer[]) => Tangent[][],
  ): Float64Array {
    if (v.length !== this.size) throw new RangeError(`${fn}: v must have ${this.size} numbers, got ${v.length}`);
    requireFinite(fn, "v", v);
    const { tf } = this.runtime;
    const values = Float32Array.from(v);
    const tangents = new Map<number, Tensor>();
    let offset = 0;
    for (const i of this.selected) {
      const { size, shape } = this.specs[i];
      tangents.set(i, tf.tensor(values.slice(offset, offset + size), [...shape], "float32"));
      offset += size;
    }
    const direction: Tangent[][] = this.layers.map(() => []);
    this.specs.forEach((spec, i) => direction[spec.layer].push(tangents.get(i) ?? null));
    const moving = this.layers.map((live, l) => ({ ...live, direction: direction[l] }));
    try {
      return this.sumOverBatches((prepared) => gradientsOf(prepared, moving));
    } finally {
      tf.dispose([...tangents.values()]);
    }
  }

  private forwardTangents({ tapes }: Prepared, moving: readonly MovingLayer[]): LayerTangents[] {
    let rx: Tangent = null;
    return moving.map((layer, l) => {
      if (l < this.first) return { x: null, y: null };
      const input = rx;
      const tangents = tidy(this.runtime.tf, () => forwardTangent(this.runtime, layer, tapes[l], input));
      rx = tangents.y;
      return tangents;
    });
  }

  /** Goes down the layers to the first differentiated one, and frees what each has done with; gradients by layer. */
  private backward(
    top: Tangent,
    step: (l: number, above: Tangent) => { input: Tangent; gradients: Tangent[] },
  ): Tangent[][] {
    const byLayer: Tangent[][] = this.layers.map(() => []);
    let above = top;
    for (let l = this.layers.length - 1; l >= this.first; l--) {
      const { input, gradients } = tidy(this.runtime.tf, () => step(l, above));
      byLayer[l] = gradients;
      if (above && above !== input) above.dispose();
      above = input;
    }
    return byLayer;
  }

  /** The loss' second derivative by the logits, times their tangent. */
  private logitCurvature({ probabilities }: Prepared, rLogits: Tangent): Tangent {
    if (!rLogits) return null;
    const { tf } = this.runtime;
    const weighted = tf.mul(probabilities, rLogits);
    const centered = tf.sub(weighted, tf.mul(probabilities, tf.sum(weighted, 1, true)));
    return tf.mul(centered, this.scale());
  }

  private scale(): number {
    return this.options.reduction === "mean" ? 1 / this.y.length : 1;
  }

  private prepare(start: number): Prepared {
    const { tf, ops } = this.runtime;
    const { architecture } = this.network;
    const count = Math.min(this.options.batchSize, this.y.length - start);
    const positions = Int32Array.from({ length: count }, (_, i) => start + i);
    const values = gatherBatch(this.X, positions, architecture.inputScale);
    const x = tf.tensor(values, [count, ...architecture.inputShape], "float32");
    const tapes = forward(this.runtime, this.layers, x, { training: false });
    const logits = tapes[tapes.length - 1].y;
    const labels = tf.tensor1d(this.y.slice(start, start + count), "int32");
    const [losses, dlogits] = ops.softmaxCrossEntropy(logits, labels);
    const dys = this.outputGradients(tapes, tf.mul(dlogits, this.scale()));
    const loss = Array.from(losses.dataSync()).reduce((sum, value) => sum + value, 0) * this.scale();
    if (!Number.isFinite(loss))
      throw new DivergenceError(`lossDerivatives: the loss is ${loss}: the network's weights have diverged`);
    return { tapes, dys, probabilities: tf.softmax(logits as never), loss };
  }

  /** Gradients of the loss by each layer's output, down to the first differentiated layer. */
  private outputGradients(tapes: readonly LayerTape[], dlogits: Tensor): Tensor[] {
    const dys: Tensor[] = [];
    let dy = dlogits;
    for (let l = this.layers.length - 1; l >= this.first; l--) {
      dys[l] = dy;
      if (l === this.first) break;
      const above = dy;
      const needs = { input: true, weights: false };
      const { dx } = tidy(this.runtime.tf, () => ({
        dx: backwardLayer(this.runtime, this.layers[l], tapes[l], above, needs).dx as Tensor,
      }));
      dy = dx;
    }
    return dys;
  }

  /** Runs over the batches; those that fit stay prepared for the next run. */
  private eachBatch(visit: (prepared: Prepared) => void): void {
    const { tf } = this.runtime;
    for (let start = 0; start < this.y.length; start += this.options.batchSize)
      tf.tidy(() => {
        const prepared = this.cache.get(start) ?? this.prepare(start);
        if (!this.cache.has(start)) this.keep(start, prepared);
        visit(prepared);
      });
  }

  private keep(start: number, prepared: Prepared): void {
    const used = prepared.tapes
      .slice(this.first)
      .flatMap(({ x, y, pooled }) => [x, y, pooled?.y, pooled?.workspace]);
    const tensors = [...new Set([...used, ...prepared.dys, prepared.probabilities])].filter(
      (tensor): tensor is Tensor => tensor instanceof this.runtime.tf.Tensor,
    );
    const bytes = tensors.reduce((sum, tensor) => sum + 4 * tensor.size, 0);
    if (this.cachedBytes + bytes > this.options.cacheBytes) return;
    this.cachedBytes += bytes;
    tensors.forEach((tensor) => this.cached.push(this.runtime.tf.keep(tensor)));
    this.cache.set(start, prepared);
  }

  private sumOverBatches(gradientsOf: (prepared: Prepared) => Tangent[][]): Float64Array {
    const total = new Float64Array(this.size);
    this.eachBatch((prepared) => {
      const byLayer = gradientsOf(prepared);
      let offset = 0;
      for (const i of this.selected) {
        const { layer, size } = this.specs[i];
        const within = this.specs.slice(0, i).filter((spec) => spec.layer === layer && spec.trainable).length;
        const values = byLayer[layer][within]?.dataSync();
        if (values) for (let k = 0; k < size; k++) total[offset + k] += values[k];
        offset += size;
      }
    });
    return total;
  }
}

/**
 * First and second derivatives of a network's cross-entropy on given examples, exact, in inference mode, by any of its
 * parameters: the directional derivative of the whole gradient computation, layer by layer, convolutions and pooling
 * included. A Hessian-vector product costs about two to three gradients. Call `dispose` when done.
 *
 * @param X Shape [n, product of inputShape]. @param y Classes, shape [n].
 * @throws {RangeError} If a named parameter does not exist, or the data don't fit or are not finite. The functions that
 * come back throw a DivergenceError where the loss is not finite.
 * @see Pearlmutter, Neural Computation 6(1), 1994; Schraudolph, Neural Computation 14(7), 2002.
 * @example
 * const derivatives = lossDerivatives(network, X, y, { parameters: { last: 6 } });
 * const product = derivatives.hessianVectorProduct(derivatives.gradient());
 * derivatives.dispose();
 */
export function lossDerivatives(
  network: Network,
  X: Matrix,
  y: Int32Array,
  options: DerivativesOptions = {},
): LossDerivatives {
  const { parameters = "all", reduction = "mean", batchSize = 256, cacheBytes = 2 ** 28, kernels } = options;
  requireNetwork("lossDerivatives", network);
  requireExamples("lossDerivatives", network.architecture, X, y);
  if (!y.length) throw new RangeError("lossDerivatives: needs at least one example, got none");
  requireOneOf("lossDerivatives", "reduction", reduction, ["mean", "sum"]);
  requireInteger("lossDerivatives", "batchSize", batchSize, 1);
  requireInteger("lossDerivatives", "cacheBytes", cacheBytes, 0);
  return new Derivatives(runtimeOf(kernels), network, X, y, { parameters, reduction, batchSize, cacheBytes });
}
