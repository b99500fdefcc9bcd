// Images a second in float32 at 16, 32 and 128 filters.
import { serve } from "./harness";
import { training } from "./training-work";

void serve([16, 32, 128].map((filters) => training(filters)));
