import { experiment } from "../../lib";
import { exercises } from "./exercises";
import { sizes } from "./sizes";

export {
  backdoorTrial, flipAtRandom, readAsTarget, type BackdoorResult, type BackdoorSetting, type Learner,
} from "./backdoor";
export { boundedWeights, cifarReaders, type CifarReaders, type CifarSetting } from "./cifar";
export { labAttack, type LabResult, type LabSetting } from "./lab-attack";
export { meanShift, patchAt, worthOfPlaces, type Places, type PlacesOptions } from "./patches";
export { sideBySide } from "./side-by-side";
export { unitLength } from "./unit-length";
export const { check, profile } = experiment({ name: "14-certified-poisoning", sizes, exercises });
