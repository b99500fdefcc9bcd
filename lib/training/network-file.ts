import { readCheckpoint, writeCheckpoint } from "./checkpoint";
import { parameterSpecs, type Architecture } from "./layers";
import { requireNetwork, type Network } from "./network";
import { networkOf } from "./network-classifier";

/** Writes a network to a file, whole or not at all. */
export function saveNetwork(file: string, network: Network): void {
  requireNetwork("saveNetwork", network);
  writeCheckpoint(file, { header: { architecture: network.architecture }, arrays: network.weights });
}

/**
 * Reads a network back.
 *
 * @throws {Error} If there is none, or the file is damaged.
 */
export function loadNetwork(file: string): Network {
  const content = readCheckpoint<{ architecture?: Architecture }>(file);
  if (!content) throw new Error(`loadNetwork: no file ${file}`);
  const { architecture } = content.header;
  if (!architecture)
    throw new Error(`loadNetwork: ${file} holds a training run, not a network; give it to trainNetwork`);
  return networkOf(architecture, content.arrays.slice(0, parameterSpecs(architecture).length));
}
