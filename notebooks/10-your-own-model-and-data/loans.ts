import { seededRng } from "../../lib";

const CUSTOMERS = 900;
const HOUSING = ["own", "rent", "family"];

/**
 * The text of loans.csv: customers of a bank that does not exist, and whether they paid their loan back. Much income
 * and little debt help, and so do years in one job; the rest is chance. A few did not say how they live.
 */
export function loansCsv(): string {
  const rng = seededRng(10);
  const lines = Array.from({ length: CUSTOMERS }, (_, i) => {
    const age = 20 + rng.integer(50);
    const years = Math.min(age - 18, Math.round(Math.abs(8 * rng.normal())));
    const income = Math.round(Math.exp(3.5 + 0.45 * rng.normal()) * 10) / 10;
    const debt = Math.round(Math.abs(18 * rng.normal()) * 10) / 10;
    const housing = rng.uniform() < 0.02 ? "?" : HOUSING[rng.integer(3)];
    const strength = income / 34 - debt / 16 + years / 12 + 0.2 * (housing === "own" ? 1 : 0) - 0.4;
    const repaid = strength + 0.25 * rng.normal() > 0 ? "yes" : "no";
    return [`c${String(i + 1).padStart(4, "0")}`, age, income, debt, years, housing, repaid].join(";");
  });
  return ["customer;age;income;debt;years in job;housing;repaid", ...lines, ""].join("\n");
}
