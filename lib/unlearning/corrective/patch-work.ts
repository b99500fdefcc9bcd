import { completePatches, PATCH_SAMPLE, type Patches } from "../../images/patch-features";
import { countMultiplications, layer } from "../../training/layers";
import type { Network } from "../../training/network";

/**
 * Work of `patchFeatures` and of regressions on them with `leaveOneOut`, as gradients of the network, in examples. A
 * pass forward counts a third.
 *
 * @param asked How many targets were fitted.
 */
export function patchWork(
  network: Network, [n, d]: readonly [number, number], asked: number, patches: Patches,
): number {
  const { filters, patchSize, mirror } = completePatches(patches);
  const { inputShape } = network.architecture;
  const compared = countMultiplications({ inputShape, inputScale: 1,
    layers: [layer.conv2d(filters, { kernelSize: patchSize, padding: "valid" })] });
  const size = patchSize ** 2 * (inputShape[2] ?? 1);
  const whitened = PATCH_SAMPLE * size ** 2 + size ** 3;
  const few = Math.min(n, d);
  const regressions = (n > d ? 2 : 1) * n * d * few + few ** 3 + 2 * asked * n * d;
  return (whitened + n * compared * (mirror ? 2 : 1) + regressions) / countMultiplications(network.architecture) / 3;
}
