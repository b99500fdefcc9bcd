export { type AnswerOf, type AnswerVerdict, type CheckedAnswer, type Exercises, type GivenOf, checkMimeType,
  judgeAnswer } from "./check";
export { type Claim, type ClaimInput, type ClaimOfBound, type ClaimOfValue, type Verdict, claim, claimMimeType,
  judge } from "./claim";
export { displayOf } from "./describe";
export { type Experiment, type ExperimentParts, experiment } from "./experiment";
export * from "./figure";
export {
  type Finding, equalRounded, notACount, notAShare, notAShareOf, notLabels, notPositions, notUnrounded,
} from "./finding";
export type { Format } from "./format";
export { type PerProfile, type Profile, type ProfileName, profileNames } from "./profile";
export { type Progress, type ProgressOptions, progress } from "./progress";
export { type TableOptions, type TableRows, table } from "./table";
