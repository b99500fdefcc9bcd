import { experiment } from "../../lib";
import { exercises } from "./exercises";
import { sizes } from "./sizes";

export { type Service, startService } from "./service";
export const { check, profile } = experiment({ name: "10-your-own-model-and-data", sizes, exercises });
