import {
  type Dataset, type Finding, type GramMatrix, type Matrix, classCounts, confusionMatrix, crossGram, flipFirst,
  gramMatrix, incorrectByPredicted, incorrectByTrue, notACount, notLabels, svc,
} from "../../lib";

/** What notebook 07 has made: the images and their Gram matrices. */
export interface PoisoningSetting {
  train: Dataset;
  test: Dataset;
  gram: GramMatrix;
  cross: Matrix<Float64Array>;
}

const read = ({ gram, cross }: PoisoningSetting, y: Int32Array): Int32Array =>
  svc().fitGram(gram, y).predictGram(cross);

const flipped = ({ train }: PoisoningSetting, from: number, to: number, count: number): Int32Array =>
  flipFirst(train.y, { from, to, count }).y;

const wronglyReadAs = (digit: number, { test }: PoisoningSetting, predicted: Int32Array): number =>
  incorrectByPredicted(test.y, predicted, 10)[digit];

export const exercises = {
  /** Test images wrongly read as 1 after the first 100 of the 2s were relabelled as 1. */
  "07-1": (answer: number, setting: PoisoningSetting): Finding => {
    const wrong = notACount(answer, setting.test.y.length, "test images");
    if (wrong) return wrong;
    const turned = read(setting, flipped(setting, 2, 1, 100));
    if (answer === wronglyReadAs(1, setting, turned)) return null;
    if (answer === incorrectByTrue(setting.test.y, turned, 10)[2]) return "you count the 2s that are read as any other "
      + "digit; count the images that are read as 1 and are none";
    if (answer === wronglyReadAs(1, setting, read(setting, setting.train.y))) return "that is the clean model's number";
    if (answer === wronglyReadAs(2, setting, read(setting, flipped(setting, 1, 2, 100))))
      return "that is the attack of section 3: here 2s are relabelled as 1";
    return "relabel the first 100 of the 2s, learn, and count the images that are read as 1 and are none";
  },

  /** Test images wrongly read as 2 by a linear machine, with the first 100 1s relabelled. */
  "07-2": (answer: number, setting: PoisoningSetting): Finding => {
    const wrong = notACount(answer, setting.test.y.length, "test images");
    if (wrong) return wrong;
    const gram = gramMatrix(setting.train.X, { kernel: "linear" });
    const linear = { ...setting, gram, cross: crossGram(setting.test.X, gram) };
    const learn = (y: Int32Array): number => wronglyReadAs(2, setting,
      svc({ kernel: "linear" }).fitGram(gram, y).predictGram(linear.cross));
    const poisoned = flipped(setting, 1, 2, 100);
    if (answer === learn(poisoned)) return null;
    if (answer === wronglyReadAs(2, setting, read(setting, poisoned)))
      return "that is the curved kernel's number; the Gram matrices must be linear too, both of them";
    if (answer === learn(setting.train.y)) return "that is the linear machine without poison";
    return "fit a linear machine on a linear Gram matrix, with the labels of the attack on 100";
  },

  /** A number of flips that fools more than half of the test 1s, while one less does not. */
  "07-3": (answer: number, setting: PoisoningSetting): Finding => {
    const ones = classCounts(setting.train.y, 10)[1];
    const wrong = notACount(answer, ones, "1s to relabel");
    if (wrong) return wrong;
    if (answer === 0) return "without poison there is nothing to tip";
    const half = classCounts(setting.test.y, 10)[1] / 2;
    const [at, before] = [answer, answer - 1].map((k) =>
      confusionMatrix(setting.test.y, read(setting, flipped(setting, 1, 2, k))).counts[1][2]);
    if (at > half && before <= half) return null;
    return at > half ? `${answer} flips fool more than half, but so do ${answer - 1}`
      : `${answer} flips fool ${at} of the 1s; more than ${half} are wanted`;
  },

  /** Labels mended after the first 80 1s were relabelled, from poisoned labels only. */
  "07-4": (answer: Int32Array, setting: PoisoningSetting): Finding => {
    const poisoned = flipped(setting, 1, 2, 80);
    const wrong = notLabels(answer, setting.train.y);
    if (wrong) return wrong;
    if (answer.every((label, i) => label === setting.train.y[i]))
      return "those are the true labels, which no defender has";
    if (answer.every((label, i) => label === poisoned[i])) return "those are still the poisoned labels";
    const most = wronglyReadAs(2, setting, read(setting, setting.train.y)) + 2;
    const left = wronglyReadAs(2, setting, read(setting, answer));
    return left <= most ? null : `${left} images are wrongly read as 2, and ${most} are allowed`;
  },
};
