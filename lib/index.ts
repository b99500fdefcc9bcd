export * from "./classifiers";
export * from "./clustering";
export * from "./copying";
export * from "./data";
export * from "./images";
export {
  holdInterrupts, InterruptedError, interruptSignal, isInterrupted, onCellFailure, throwIfInterrupted,
} from "./interrupt";
export * from "./matrix";
export * from "./notebook";
export * from "./privacy";
export * from "./poisoning";
export * from "./random";
export * from "./training";
export * from "./unlearning";
