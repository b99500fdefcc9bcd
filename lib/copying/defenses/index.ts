export { pradaWatcher, type PradaOptions, type QueryWatcher, type WatchReport } from "./prada-watcher";
export { roundedScores } from "./rounded-scores";
export { smoothedAnswers } from "./smoothed-answers";
export { shapiroWilk, type ShapiroWilk } from "../../math/shapiro-wilk";
