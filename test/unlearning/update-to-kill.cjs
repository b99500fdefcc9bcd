// Two updates in a process of their own, for resume.test.ts to kill. Arguments: which, checkpoint file.
const { correctLabels, initializeNetwork, matrix, mlp, relearn, seededRng } = require("../../lib");

const N = 300;
const X = matrix(Float64Array.from({ length: N * 8 }, (_, i) => Math.sin(i * i)), [N, 8]);
const y = Int32Array.from({ length: N }, (_, i) => (i * i) % 3);
const network = initializeNetwork(mlp({ numFeatures: 8, hidden: [16, 16], numClasses: 3 }), { rng: seededRng(3) });

exports.updates = {
  correctLabels: (path) => correctLabels(network, X, y, {
    rule: { kind: "gaussNewton", damping: 0.3, stepSize: 0.1 }, samples: 100, steps: 15, rng: seededRng(5),
    checkpoint: path ? { path } : undefined,
  }),
  relearn: (path) => relearn(network, X, y, [0, 1, 2, 3, 4], {
    gradients: 32_000, changedShare: 0.3, batchSize: 32, rng: seededRng(5), checkpoint: path ? { path } : undefined,
  }),
};

if (require.main === module) exports.updates[process.argv[2]](process.argv[3]);
