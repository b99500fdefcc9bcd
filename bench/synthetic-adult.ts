import { loadAdultTable, seededRng, syntheticTable, type ColumnDomain } from "../lib";
import { serve } from "./harness";

const domain: Record<string, ColumnDomain> = {
  age: { min: 17, max: 90 }, fnlwgt: { min: 12285, max: 1490400 }, "education-num": { min: 1, max: 16 },
  "capital-gain": { min: 0, max: 99999 }, "capital-loss": { min: 0, max: 4356 }, "hours-per-week": { min: 1, max: 99 },
};

async function main(): Promise<void> {
  const { train } = await loadAdultTable();
  for (const name of [...train.columns.map((column) => column.name), "income"]) domain[name] ??= "public";
  await serve([{
    // A private table of all training rows at ε = 1; AIM is noisy, so that results are not compared.
    name: "synthetic-adult",
    run: () => void syntheticTable(train, { epsilon: 1, delta: 1e-9, domain, rng: seededRng(1) }),
  }]);
}

void main();
