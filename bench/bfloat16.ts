// The works of training.ts in bfloat16 mode: its seconds beside those of training.ts are the gain, where there is one.
import { setMatrixPrecision } from "../lib";
import { serve } from "./harness";
import { training } from "./training-work";

setMatrixPrecision("bfloat16");
void serve([16, 32, 128].map((filters) => training(filters, "-bfloat16")));
