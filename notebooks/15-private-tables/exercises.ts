import {
  type CsvDataset, type Dataset, type Finding, type SyntheticTable, accuracy, gaussianNoiseMultiplier, notLabels,
} from "../../lib";

/** The members of the blurred table, and people of whom the same is known. */
export interface PaySetting {
  members: Dataset;
  test: Dataset;
}

const BUDGET = { epsilon: 1, delta: 1e-9 };

function shareOfZeros({ X, featureNames }: Dataset): number {
  const [n, d] = X.shape;
  const gains = featureNames.indexOf("capital-gain");
  let zeros = 0;
  for (let i = 0; i < n; i++) if (X.data[i * d + gains] === 0) zeros++;
  return zeros / n;
}

export const exercises = {
  /** Deviation of the noise on a marginal that gets half of the budget, to one decimal. */
  "15-1": (answer: number): Finding => {
    if (!(answer > 0 && answer < Infinity)) return "a deviation is a number above 0";
    const whole = gaussianNoiseMultiplier(BUDGET);
    const near = (value: number): boolean => Math.abs(answer - value) <= 0.0501;
    if (near(whole * Math.SQRT2)) return null;
    if (near(whole)) return "that is the noise for the whole budget";
    if (near(2 * whole)) return "not μ but μ² is halved";
    if (near(whole / Math.SQRT2)) return "less of the budget means more noise, not less";
    return "μ² is halved: by which factor does σ = 1/μ grow?";
  },

  /** The members' pay, guessed from the blurred table: 95 of 100 right. */
  "15-2": (answer: Int32Array, { members, test }: PaySetting): Finding => {
    const wrong = notLabels(answer, members.y);
    if (wrong) return wrong;
    const right = accuracy(members.y, answer);
    if (right >= 0.95) return null;
    const guessing = 1 - test.y.reduce((sum, label) => sum + label, 0) / test.y.length;
    return right <= guessing + 0.02 ? "saying no to everybody is as good"
      : `${(100 * right).toFixed(0)} of 100 are right, as a model would get; the table itself knows more`;
  },

  /** A private table whose share of zero gains is true. */
  "15-3": (answer: SyntheticTable, { train }: { train: CsvDataset }): Finding => {
    if (!answer.releases?.length) return "that is no table that syntheticTable has made";
    if (answer.epsilon > BUDGET.epsilon || answer.delta > BUDGET.delta) return "it costs more than ε = 1, δ = 1e-9";
    if (!answer.featureNames.includes("capital-gain")) return "it lacks the column capital-gain";
    const [share, truth] = [shareOfZeros(answer), shareOfZeros(train)];
    if (Math.abs(share - truth) <= 0.01) return null;
    const said = `${(100 * share).toFixed(1)} of 100 have no gain`;
    return share < truth ? `only ${said}; does 0 share its bin with other numbers?` : `${said}, which is too many`;
  },
};
