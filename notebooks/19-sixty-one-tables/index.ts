import { experiment } from "../../lib";
import { exercises } from "./exercises";
import { sizes } from "./sizes";

export {
  candidates, copyFamilies, fitOf, paperSplit, publishedRows, repeatedRow, type CopyFamily, type RepeatedCopy,
} from "./published";
export {
  clouds, copyEstimators, forestOf, measured, plainCopy, settingOf, tablesAtHand, type Measured, type TableSetting,
} from "./tables";
export const { check, profile } = experiment({ name: "19-sixty-one-tables", sizes, exercises });
