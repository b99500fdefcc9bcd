import { experiment } from "../../lib";
import { exercises } from "./exercises";
import { sizes } from "./sizes";

export { planFor } from "./sizes";
export { suspectSets } from "./suspects";
export const { check, profile } = experiment({ name: "11-private-synthetic-data", sizes, exercises });
