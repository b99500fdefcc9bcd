import { experiment } from "../../lib";
import { exercises } from "./exercises";
import { sizes } from "./sizes";

export { labAttack, type LabResult, type LabSetting } from "./lab-attack";
export { sideBySide } from "./side-by-side";
export { unitLength } from "./unit-length";
export const { check, profile } = experiment({ name: "14-certified-poisoning", sizes, exercises });
