import type { PatchFeaturesOptions } from "../../images/patch-features";
import { countMultiplications, layer } from "../../training/layers";
import type { Network } from "../../training/network";

/** Of the patches that images are compared with. */
export type Patches = Omit<PatchFeaturesOptions, "imageShape" | "rng">;

/**
 * Work of `patchFeatures` and of regressions on them with `leaveOneOut`, as gradients of the network, in examples. A
 * pass forward counts a third. Preparing the patches, little beside it, is left out.
 *
 * @param asked How many targets were fitted.
 */
export function patchWork(
  network: Network, [n, d]: readonly [number, number], asked: number, { filters = 128, patchSize = 6 }: Patches,
): number {
  const { inputShape } = network.architecture;
  const compared = countMultiplications({ inputShape, inputScale: 1,
    layers: [layer.conv2d(filters, { kernelSize: patchSize, padding: "valid" })] });
  const few = Math.min(n, d);
  const regressions = (n > d ? 2 : 1) * n * d * few + few ** 3 + 2 * asked * n * d;
  return (n * compared + regressions) / countMultiplications(network.architecture) / 3;
}
