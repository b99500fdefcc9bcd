import { experiment } from "../../lib";
import { exercises } from "./exercises";
import { sizes } from "./sizes";

export {
  fairIntervals, fairScores, fairTask, groupsOf, tiesOf, unseenGroup, type FairScores, type FairTask,
} from "./people";
export { compareFiles, type ComparedFiles } from "./compare-files";
export { runModule, type ModuleRun } from "./run-module";
export { runOnnx, type OnnxRun } from "./run-onnx";
export const { check, profile } = experiment({ name: "12-copies-at-work", sizes, exercises });
