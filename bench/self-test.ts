import { serve } from "./harness";

// The same sum on both sides: shows that the harness times both and compares their results.
const terms = 2_000_000;

void serve([
  {
    name: "self-test",
    run: () => {
      let sum = 0;
      for (let i = 1; i <= terms; i++) sum += 1 / (i * i);
      return sum;
    },
  },
]);
