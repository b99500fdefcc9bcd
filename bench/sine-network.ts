import { matrix, networkOf, parameterSpecs, vggLike, type Architecture, type Matrix, type Network } from "../lib";

/** A network with weights that the peer can make as well, without drawing any. */
export function sineWeighted(architecture: Architecture): Network {
  return networkOf(architecture, parameterSpecs(architecture).map(({ name, size, shape }) => {
    if (name.endsWith("gamma") || name.endsWith("movingVariance")) return new Float32Array(size).fill(1);
    if (!name.endsWith("kernel")) return new Float32Array(size);
    const limit = Math.sqrt(6 / (size / shape[shape.length - 1]));
    return Float32Array.from({ length: size }, (_, i) => limit * Math.sin(i * i));
  }));
}

/** The CIFAR-10 network, and n images with labels, likewise; the peer's is `sine_network` in bench/training.py. */
export function sineNetwork(filters: number, n: number): { network: Network; X: Matrix<Float32Array>; y: Int32Array } {
  return {
    network: sineWeighted(vggLike({ filters, inputScale: 1 })),
    X: matrix(Float32Array.from({ length: n * 3072 }, (_, i) => 0.5 + 0.5 * Math.sin(0.7 * i)), [n, 3072]),
    y: Int32Array.from({ length: n }, (_, i) => i % 10),
  };
}
