import { experiment } from "../../lib";
import { exercises } from "./exercises";
import { sizes } from "./sizes";

export const { check, profile } = experiment({ name: "21-influence", sizes, exercises });
