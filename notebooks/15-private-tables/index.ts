import { experiment } from "../../lib";
import { exercises } from "./exercises";
import { sizes } from "./sizes";

export { aimOnMbi } from "./aim-on-mbi";
export const { check, profile } = experiment({ name: "15-private-tables", sizes, exercises });
