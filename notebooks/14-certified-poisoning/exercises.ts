import {
  type Finding, type Matrix, certifiedAccuracy, certifyInsertions, certifyVotes, clusterClassCounts, notACount,
  notLabels, notPositions, selectLabels, selectRows, worstAttack,
} from "../../lib";

/** Clusters of the training images, which no label has touched, and the labels before any attack. */
export interface ClusterSetting {
  clusters: Int32Array;
  y: Int32Array;
}

/** Labels of each digit in each cluster, among training and among test images. */
export interface VoteSetting {
  votes: Matrix;
  tested: Matrix;
}

/** Features of training images that depend on one image each, and their labels. */
export interface CrowdSetting {
  X: Matrix;
  y: Int32Array;
}

const tenByTen = { numClusters: 10, numClasses: 10 };
const CROWD = 10_000;
const JUDGES = 500;
const WITHSTAND = 50;
const WANTED = 0.86;

/** Certified accuracy of a crowd of the first training images against insertions, on images that follow them. */
function certifiedOfCrowd({ X, y }: CrowdSetting, numNeighbors: number): number {
  const crowd = Int32Array.from({ length: CROWD }, (_, i) => i);
  const judges = Int32Array.from({ length: JUDGES }, (_, i) => CROWD + i);
  const train = { X: selectRows(X, crowd), y: selectLabels(y, crowd) };
  const certified = certifyInsertions(train, selectRows(X, judges), { numNeighbors, numClasses: 10 });
  return certifiedAccuracy(selectLabels(y, judges), certified, [WITHSTAND])[0];
}

export const exercises = {
  /** Flips that a cluster of 4,100 8s and 700 3s withstands. */
  "14-1": (answer: number): Finding => {
    const wrong = notACount(answer, 4800, "labels");
    if (wrong || answer === 1699) return wrong;
    if (answer === 1700) return "that many flips give a draw, 2,400 to 2,400; which of the two digits wins it?";
    if (answer === 3400) return "that is the lead; a flip changes it by 2";
    return "a flip takes one label from the 8s and gives it to the 3s";
  },

  /** Labels that rename a cluster with as few flips as any attack needs. */
  "14-2": (answer: Int32Array, { clusters, y }: ClusterSetting): Finding => {
    const wrong = notLabels(answer, y);
    if (wrong) return wrong;
    const before = certifyVotes(clusterClassCounts(clusters, y, tenByTen));
    const after = certifyVotes(clusterClassCounts(clusters, answer, tenByTen));
    const flips = answer.filter((label, i) => label !== y[i]).length;
    if (!after.predicted.some((digit, cluster) => digit !== before.predicted[cluster]))
      return `after ${flips} flips every cluster still has its name`;
    const fewest = before.radii.reduce((a, b) => Math.min(a, b)) + 1;
    return flips <= fewest ? null : `a cluster is renamed, but ${flips} flips are more than an attack needs`;
  },

  /** A number of neighbours that is certified well against 50 insertions. */
  "14-3": (answer: number, setting: CrowdSetting): Finding => {
    const wrong = notACount(answer, CROWD, "images in the crowd");
    if (wrong) return wrong;
    if (answer < 2 * WITHSTAND) return `${answer} votes can't withstand ${WITHSTAND} changes: half of them is too few`;
    const reached = certifiedOfCrowd(setting, answer);
    return reached >= WANTED ? null : `${answer} neighbours reach ${reached.toFixed(3)}, and ${WANTED} is wanted`;
  },

  /** The fewest flips with which one attacker can bring the whole test set below one half. */
  "14-4": (answer: number, { votes, tested }: VoteSetting): Finding => {
    const total = ({ data }: Matrix): number => Float64Array.from(data).reduce((sum, count) => sum + count, 0);
    const wrong = notACount(answer, total(votes), "labels");
    if (wrong) return wrong;
    const images = total(tested);
    const { right } = worstAttack(votes, tested, { budget: answer });
    if (right[answer] >= images / 2) return `${answer} flips can't bring more than half of the test images to fall`;
    return answer === 0 || right[answer - 1] >= images / 2 ? null : `${answer} flips do, but fewer do as well`;
  },

  /** Positions of relabelled images, found without their true labels. */
  "14-5": (answer: ArrayLike<number>, { y, poisoned }: { y: Int32Array; poisoned: Int32Array }): Finding => {
    const rows = Array.from(answer);
    const wrong = notPositions(rows, y.length);
    if (wrong) return wrong;
    const flips = y.filter((label, i) => label !== poisoned[i]).length;
    const most = Math.floor(1.5 * flips);
    if (rows.length > most) return `${rows.length} labels are accused, and ${most} are allowed`;
    const found = rows.filter((i) => y[i] !== poisoned[i]).length;
    return found >= 0.9 * flips ? null : `${found} of ${flips} flips are among them, and nine of ten are wanted`;
  },
};
