export { type AnswerOf, type AnswerVerdict, type CheckedAnswer, type GivenOf, check, checkMimeType,
  judgeAnswer } from "./check";
export { type Claim, type ClaimInput, type ClaimOfBound, type ClaimOfValue, type Verdict, claim, claimMimeType,
  judge } from "./claim";
export { displayOf } from "./describe";
export { type ExerciseId, type MulticlassSetting, type PoisoningSetting, type TourSetting,
  type UnlearningSetting, exerciseIds } from "./exercises";
export * from "./figure";
export type { Format } from "./format";
export { type Profile, profile } from "./profile";
export { type NotebookName, type ProfileName, profileNames, profiles } from "./profiles";
export { type Progress, type ProgressOptions, progress } from "./progress";
export { type TableOptions, type TableRows, table } from "./table";
