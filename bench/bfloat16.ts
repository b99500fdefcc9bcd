// The works of training.ts in bfloat16 mode: their seconds beside those of training.ts are its gain, where there is one.
import { setMatrixPrecision } from "../lib";
import { serve } from "./harness";
import { training } from "./training-work";

setMatrixPrecision("bfloat16");
void serve([16, 32, 128].map((filters) => training(filters, "-bfloat16")));
