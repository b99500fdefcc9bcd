// Trains a small CIFAR-10 network in a process of its own, for threads.test.ts, and prints a hash of its weights and
// answers.
const { createHash } = require("node:crypto");
const { matrix, networkOutputs, seededRng, tensorflowThreads, trainNetworkSync, vggLike } = require("../../lib");

const rng = seededRng(1);
const n = 128;
const X = matrix(Uint8Array.from({ length: n * 3072 }, () => rng.integer(256)), [n, 3072]);
const y = Int32Array.from({ length: n }, (_, i) => i % 10);
const { network } = trainNetworkSync(vggLike({ filters: 4, denseUnits: 64 }), X, y, { epochs: 2, rng });
const hash = createHash("sha256");
for (const { buffer } of [...network.weights, networkOutputs(network, X).data]) hash.update(new Uint8Array(buffer));
console.log(JSON.stringify({ hash: hash.digest("hex"), threads: tensorflowThreads() }));
