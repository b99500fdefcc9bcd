import { experiment } from "../../lib";
import { exercises } from "./exercises";
import { sizes } from "./sizes";

export { enlargedDigits, grayThings, imageReader, unsmoothed, type ThiefSet } from "./thieves";
export const { check, profile } = experiment({ name: "20-copying-image-readers", sizes, exercises });
