import { startHere } from "./00-start-here";
import { sameClassifiers } from "./01-same-classifiers";
import { differentClassifiers } from "./02-different-classifiers";
import { geneticFeatureSearch } from "./03-genetic-feature-search";
import { multiclass } from "./04-multiclass";
import { neuralNets } from "./05-neural-nets";
import { classBoundary } from "./06-class-boundary";
import { mnistPoisoning } from "./07-mnist-poisoning";
import { cifarUnlearning } from "./08-cifar10-unlearning";
import { dpNoisedMnist } from "./09-dp-noised-mnist";

/**
 * The checks of all exercises. Each takes an answer and what the notebook hands it, works out what is right by itself,
 * and says what is wrong with the answer, or null; one message for each mistake that is likely, none with the answer.
 */
export const exercises = {
  ...startHere, ...sameClassifiers, ...differentClassifiers, ...geneticFeatureSearch, ...multiclass, ...neuralNets,
  ...classBoundary, ...mnistPoisoning, ...cifarUnlearning, ...dpNoisedMnist,
};

/** Notebook and number, such as `07-1`. */
export type ExerciseId = keyof typeof exercises;

export const exerciseIds = Object.keys(exercises) as ExerciseId[];
export type { TourSetting } from "./00-start-here";
export type { CloudSetting } from "./02-different-classifiers";
export type { MulticlassSetting } from "./04-multiclass";
export type { NetworkSetting } from "./05-neural-nets";
export type { PoisoningSetting } from "./07-mnist-poisoning";
export type { UnlearningSetting } from "./08-cifar10-unlearning";
