// 6,000 of 60,000 training digits vote on each of 500 test digits, and each reading gets its certificate. Pixels are
// 0 or 1, so that distances are whole numbers and both sides meet the same ties.
import {
  certifiedAccuracy, certifiedMedian, certifyVotes, loadMnist, matrix, neighborVotes, type Matrix,
} from "../lib";
import { serve } from "./harness";

const QUERIES = 500;
const NEIGHBORS = 6000;

const blackAndWhite = ({ data, shape }: Matrix): Matrix =>
  matrix(Float32Array.from(data, (p) => (p < 128 ? 0 : 1)), shape);

async function main(): Promise<void> {
  const { train, test } = await loadMnist({ test: QUERIES });
  const rows = { X: blackAndWhite(train.X), y: train.y };
  const queries = blackAndWhite(test.X);
  await serve([{
    name: "certify-60k",
    run: () => {
      const certified = certifyVotes(neighborVotes(rows, queries, { numNeighbors: NEIGHBORS, numClasses: 10 }));
      return [certifiedMedian(test.y, certified), ...certifiedAccuracy(test.y, certified, [0, 500, 1000])];
    },
  }]);
}

void main();
