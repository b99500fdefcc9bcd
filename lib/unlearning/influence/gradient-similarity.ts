import type { Matrix } from "../../matrix";
import type { Network } from "../../training/network";
import { requireInteger } from "../../validate";
import type { LabeledExamples } from "../memorization";
import { gradientRows } from "./example-gradients";
import { alongGradients, meanOf } from "./scores";

/**
 * Which training examples made a network answer as it does, by gradients alone: an example whose step moves the weights
 * as a query would like them moved has helped it. Scores of several networks, such as one run at several of its epochs,
 * are averaged. Batch norms count as fixed, here and in all scores of influence.
 *
 * @param networks Of one architecture, at least one.
 * @param queries LabeledExamples to explain, with their true classes.
 * @returns Shape [queries, training examples]: above 0 if the example makes the query's class more likely.
 * @throws {RangeError} If there is no network, no example, or no dense or convolutional layer, or data don't fit.
 * @see Pruthi, Liu, Kale & Sundararajan, NeurIPS 2020, §3 (TracIn), with equal learning rates; the query's output is
 * its log-odds here and its loss there.
 * @example
 * const scores = gradientSimilarity([network], { X, y }, { X, y });
 */
export function gradientSimilarity(
  networks: readonly Network[],
  train: LabeledExamples,
  queries: LabeledExamples,
): Matrix<Float64Array> {
  requireInteger("gradientSimilarity", "number of networks", networks.length, 1);
  return meanOf(networks.map((network) =>
    alongGradients("gradientSimilarity", network, train,
      gradientRows("gradientSimilarity", network, queries, "logOdds"))));
}
