import { crossGram, flipFirst, gramMatrix, incorrectByPredicted, loadMnist, svc } from "../lib";
import { serve } from "./harness";

// The source's whole lab: four machines, 4 × 1,000 predictions, the kernel included; result: the incorrect digits.
const poisonLevels = [0, 10, 30, 100];

void loadMnist({ train: 2000, test: 1000 }).then(({ train, test }) => serve([
  {
    name: "ml106",
    run: () => {
      const gram = gramMatrix(train.X);
      const cross = crossGram(test.X, gram);
      return poisonLevels.map((count) => {
        const { y } = flipFirst(train.y, { from: 1, to: 2, count });
        return [...incorrectByPredicted(test.y, svc().fitGram(gram, y).predictGram(cross), 10)];
      });
    },
  },
]));
