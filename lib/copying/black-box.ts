import type { ClassProbabilities, Classifier } from "../classifiers/classifier";
import { decides } from "./certainty";
import { throwIfInterrupted } from "../interrupt";
import type { Matrix } from "../matrix";
import { requireFinite, requireInteger } from "../validate";

/**
 * A model that can only be asked. It tells the label of each row and nothing else: not its family, not its width,
 * not its training data. Each row asked is one query.
 */
export interface BlackBox {
  /** Rows answered so far. */
  readonly used: number;
  /** Rows it answers at most; Infinity where nobody counts. */
  readonly budget: number;
  /** budget − used. */
  readonly remaining: number;
  /**
   * @param X Rows to label, shape [n, d], finite.
   * @returns Labels, shape [n].
   * @throws {QueryBudgetError} If n is above what remains; nothing is spent then.
   * @throws {WidthError} If the model does not take rows of this width; nothing is spent then.
   */
  query(X: Matrix): Promise<Int32Array>;
  /** The same, with probabilities; absent where the service does not give them. */
  queryProba?(X: Matrix): Promise<ClassProbabilities>;
  /** The same, with the scores before any softmax (logits), shape [n, outputs]; absent where nobody gives them. */
  queryScores?(X: Matrix): Promise<Matrix<Float64Array>>;
}

/** The error of asking for more rows than the budget allows. */
export class QueryBudgetError extends Error {
  readonly budget: number;
  readonly used: number;
  readonly asked: number;

  constructor(budget: number, used: number, asked: number) {
    super(`query: the budget is ${budget}, ${used} are used, ${budget - used} remain; asked for ${asked}`);
    this.name = "QueryBudgetError";
    this.budget = budget;
    this.used = used;
    this.asked = asked;
  }
}

/** The error of rows of a width the model was not fitted on. Like a real model's, it names its own width. */
export class WidthError extends RangeError {
  /** @param said The model's own words, where it has any. */
  constructor(given: number, expected?: number, said?: string) {
    super(
      expected === undefined
        ? `query: the model refuses rows of ${given} features${said ? `: ${said}` : ""}`
        : `query: X has ${given} features, but the model expects ${expected} features`,
    );
    this.name = "WidthError";
  }
}

/** Answers rows with labels, now or later. */
export type PredictFunction = (X: Matrix) => Int32Array | Promise<Int32Array>;

export interface BlackBoxOptions {
  /** Rows it answers at most; a positive integer, or Infinity (the default). */
  budget?: number;
  /** Lets the probabilities out too, where the classifier has them; false unless said. */
  probabilities?: boolean;
  /** Lets the scores out too, where the classifier has a `decisionFunction`; false unless said. */
  scores?: boolean;
}

export interface FunctionBlackBoxOptions {
  /** Rows it answers at most; a positive integer, or Infinity (the default). */
  budget?: number;
  /** Width of the rows it takes; without it, the function must refuse a wrong width itself. */
  numFeatures?: number;
}

/** Requires a budget: a positive integer, or Infinity. */
export function requireBudget(fn: string, budget: number): void {
  if (budget !== Infinity) requireInteger(fn, "budget", budget, 1);
}

/** Keeps count: refuses before anything is spent, and gives back what an answer that never came would have cost. */
export class QueryMeter {
  used = 0;

  constructor(readonly budget: number) {}

  get remaining(): number {
    return this.budget - this.used;
  }

  async spend<T>(asked: number, answer: () => T | Promise<T>): Promise<T> {
    throwIfInterrupted();
    if (asked > this.remaining) throw new QueryBudgetError(this.budget, this.used, asked);
    this.used += asked;
    try {
      return await answer();
    } catch (error) {
      this.used -= asked;
      throw error;
    }
  }
}

class LocalBlackBox implements BlackBox {
  readonly #meter: QueryMeter;
  readonly #predict: PredictFunction;
  readonly #numFeatures: number | undefined;
  queryProba?: (X: Matrix) => Promise<ClassProbabilities>;
  queryScores?: (X: Matrix) => Promise<Matrix<Float64Array>>;

  constructor(predict: PredictFunction, budget: number, numFeatures?: number) {
    this.#meter = new QueryMeter(budget);
    this.#predict = predict;
    this.#numFeatures = numFeatures;
  }

  static ofClassifier(
    model: Classifier, budget: number, { probabilities = false, scores = false }: BlackBoxOptions,
  ): LocalBlackBox {
    const box = new LocalBlackBox((X) => model.predict(X), budget, model.numFeatures);
    if (scores) {
      if (!decides(model)) throw new RangeError(`blackBox: scores must be false for ${model.family}, which has none`);
      box.queryScores = async (X) => {
        box.check(X);
        return box.#meter.spend(X.shape[0], () => numbersOf("scores", model.decisionFunction(copied(X)), X.shape[0]));
      };
    }
    if (probabilities) {
      if (!model.predictProba)
        throw new RangeError(`blackBox: probabilities must be false for ${model.family}, which has none`);
      const answer = model.predictProba.bind(model);
      box.queryProba = async (X) => {
        box.check(X);
        const classes = model.classes.slice();
        return box.#meter.spend(X.shape[0], () => (
          { classes, probabilities: numbersOf("probabilities", answer(copied(X)), X.shape[0], classes.length) }));
      };
    }
    return box;
  }

  get used(): number {
    return this.#meter.used;
  }

  get budget(): number {
    return this.#meter.budget;
  }

  get remaining(): number {
    return this.#meter.remaining;
  }

  private check(X: Matrix): void {
    const width = X.shape[1];
    if (this.#numFeatures !== undefined && width !== this.#numFeatures) throw new WidthError(width, this.#numFeatures);
    requireFinite("query", "X", X.data);
  }

  async query(X: Matrix): Promise<Int32Array> {
    this.check(X);
    return this.#meter.spend(X.shape[0], async () => labelsOf(await this.#predict(copied(X)), X.shape[0]));
  }
}

/** The rows as a model may have them: whatever it does to them, the stored queries stay. */
function copied({ data, shape }: Matrix): Matrix {
  return { data: data.slice() as typeof data, shape: [...shape] };
}

/** A model's scores or probabilities as numbers of our own, which it can't change later. */
function numbersOf(
  what: string, given: Matrix<Float64Array> | null | undefined, n: number, k?: number,
): Matrix<Float64Array> {
  const [rows, columns] = given?.shape ?? [0, 0];
  if (!given?.shape || rows !== n || given.data.length !== n * columns || (k !== undefined && columns !== k))
    throw new RangeError(`query: the model must give ${n} rows of ${k ?? "some"} ${what}, got `
      + (given?.shape ? `${rows} of ${columns}` : String(given)));
  requireFinite("query", `${what} of the model`, given.data);
  return { data: Float64Array.from(given.data), shape: [n, columns] };
}

/** A model's answer as labels of our own, which it can't change later. */
function labelsOf(y: ArrayLike<unknown> | null | undefined, n: number): Int32Array {
  if (typeof y?.length !== "number") throw new TypeError(`query: the model must give ${n} labels, got ${String(y)}`);
  if (y.length !== n) throw new RangeError(`query: asked for ${n} labels, the model gave ${y.length}`);
  return Int32Array.from(y, (label, i) => {
    if (typeof label === "number" && (label | 0) === label) return label;
    throw new RangeError(`query: labels must be integers of 32 bits, got ${JSON.stringify(label)} for row ${i}`);
  });
}

/**
 * Puts a fitted classifier, or any function that labels rows, behind a counter.
 *
 * @throws {RangeError} If the budget is not a positive integer or Infinity, or the model has no probabilities to give.
 * @example
 * const box = blackBox(svc().fit(train.X, train.y), { budget: 1000 });
 * const labels = await box.query(uniformSampler(dynamicalRange(train.X)).sample(100, seededRng(1)));
 * box.remaining; // 900
 */
export function blackBox(model: Classifier, options?: BlackBoxOptions): BlackBox;
export function blackBox(predict: PredictFunction, options?: FunctionBlackBoxOptions): BlackBox;
export function blackBox(
  model: Classifier | PredictFunction,
  options: BlackBoxOptions & FunctionBlackBoxOptions = {},
): BlackBox {
  const { budget = Infinity, numFeatures } = options;
  requireBudget("blackBox", budget);
  if (numFeatures !== undefined) requireInteger("blackBox", "numFeatures", numFeatures, 1);
  return typeof model === "function"
    ? new LocalBlackBox(model, budget, numFeatures)
    : LocalBlackBox.ofClassifier(model, budget, options);
}
