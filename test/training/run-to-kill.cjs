// A training run in a process of its own, for checkpoint.test.ts to kill. Arguments: checkpoint file, epochs.
const { adam, layer, matrix, seededRng, trainNetworkSync } = require("../../lib");

const X = matrix(Uint8Array.from({ length: 200 * 32 }, (_, i) => (i * i + 7 * i) % 251), [200, 32]);
const y = Int32Array.from({ length: 200 }, (_, i) => (i * i) % 3);
const architecture = {
  inputShape: [4, 4, 2], inputScale: 1 / 255,
  layers: [layer.conv2d(3), layer.batchNorm(), layer.maxPool(2), layer.dropout(0.2), layer.flatten(), layer.dense(3)],
};

exports.train = (path, epochs) => trainNetworkSync(architecture, X, y, {
  epochs, batchSize: 8, rng: seededRng(9), optimizer: adam({ amsgrad: true }),
  checkpoint: path ? { path, everySteps: 4 } : undefined,
});

if (require.main === module) exports.train(process.argv[2], Number(process.argv[3]));
