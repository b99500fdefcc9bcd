// Training steps of the CIFAR-10 network in batches of 64, Adam with amsgrad.
import { adam, initializeNetwork, matrix, seededRng, trainNetworkSync, vggLike } from "../lib";
import type { Work } from "./harness";

const IMAGES: Record<number, number> = { 16: 1280, 32: 640, 128: 128 };

/** One epoch of a few steps; `suffix` ends the row's name. */
export function training(filters: number, suffix = ""): Work {
  const n = IMAGES[filters];
  const rng = seededRng(1);
  const X = matrix(
    Uint8Array.from({ length: n * 3072 }, () => rng.integer(256)),
    [n, 3072],
  );
  const y = Int32Array.from({ length: n }, () => rng.integer(10));
  const start = initializeNetwork(vggLike({ filters }), { rng });
  const run = (): void => {
    trainNetworkSync(start, X, y, { epochs: 1, batchSize: 64, rng, optimizer: adam({ amsgrad: true }), keep: "last" });
  };
  return { name: `training-${filters}${suffix}`, run };
}
