import {
  type Dataset, type Rng, confidentJoint, crossGram, flipNearest, flipRandom, gramMatrix, heldOutScores, selectLabels,
  selectRows, strongestFlow, svc,
} from "../../lib";

export interface LabSetting {
  train: Dataset;
  test: Dataset;
  /** How many of the first training images the SVC learns from. */
  images: number;
  rng: Rng;
}

/** Shares of the test 1s that are read as 2. */
export interface LabResult {
  random: number;
  typical: number;
  defended: number;
}

/** The attack of notebook 07 on an SVC that meets its share of k relabelled 1s; what it does for any k. */
export function labAttack({ train, test, images, rng }: LabSetting): (k: number) => LabResult {
  const first = Int32Array.from({ length: images }, (_, i) => i);
  const y = selectLabels(train.y, first);
  const gram = gramMatrix(selectRows(train.X, first));
  const testOnes = Int32Array.from(test.y.keys()).filter((i) => test.y[i] === 1);
  const cross = crossGram(selectRows(test.X, testOnes), gram);
  const asTwo = (labels: Int32Array): number =>
    svc().fitGram(gram, labels).predictGram(cross).filter((digit) => digit === 2).length / testOnes.length;
  const { scores } = heldOutScores(gram, y, { folds: 3, rng: rng.spawn(0) });
  const away = Float64Array.from(y, (_, i) => scores.data[10 * i + 2] - scores.data[10 * i + 1]);
  const countOnes = (labels: Int32Array): number => labels.filter((digit) => digit === 1).length;
  return (k) => {
    const options = { from: 1, to: 2, count: Math.round((k * countOnes(y)) / countOnes(train.y)) };
    const typical = flipNearest(y, { ...options, margins: away }).y;
    const held = heldOutScores(gram, typical, { folds: 3, rng: rng.spawn(1) });
    const joint = confidentJoint(typical, held.scores, held.classes);
    const { given, likely } = strongestFlow(joint);
    const mended = typical.map((label, i) => (label === given && joint.likely[i] === likely ? likely : label));
    return {
      random: asTwo(flipRandom(y, { ...options, rng: rng.spawn(2) }).y),
      typical: asTwo(typical),
      defended: asTwo(mended),
    };
  };
}
