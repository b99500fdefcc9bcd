import { formatNumber } from "../format";
import type { Description } from "./description";
import { hasMethods, hasNumbers, isFields, type Fields } from "./guards";

/** ε and δ in words. */
const guarantee = ({ epsilon, delta }: Fields): string =>
  `ε = ${formatNumber(epsilon as number)}${typeof delta === "number" ? ` at δ = ${delta}` : ""}`;

function ofBudget(budget: Fields): Description {
  const spent = (budget.spent as () => number)();
  return {
    what: `privacy budget: ${guarantee(budget)}, ${budget.neighbors} neighbours`,
    facts: { "ε spent": spent, "ε of the budget": budget.epsilon },
    next: "budget.spend({ kind: \"gaussian\", noiseMultiplier: 8 }, { neighbors }) before each release",
  };
}

/** A release or a model with its price. */
function ofPriced(value: Fields, describe: (part: unknown) => Description | undefined): Description {
  const parts = Object.entries(value).filter(([name, part]) =>
    name !== "epsilon" && name !== "delta" && typeof part !== "function");
  const facts = parts.map(([name, part]): [string, unknown] => {
    if (typeof part === "number" || typeof part === "string" || typeof part === "boolean") return [name, part];
    return [name, describe(part)?.what];
  });
  return {
    what: `${guarantee(value)}: what one record may be worth to whoever sees this`, facts: Object.fromEntries(facts),
    next: "membershipAuc(scores), auditEpsilon(scores, { delta, confidence, rng })",
  };
}

/** Describes what has a price in privacy. */
export function describePrivacy(
  value: unknown, describe: (part: unknown) => Description | undefined,
): Description | undefined {
  if (!isFields(value) || !hasNumbers(value, "epsilon")) return undefined;
  if (hasMethods(value, "spend", "spent")) return ofBudget(value);
  const isPlain = Object.values(value).every((part) => typeof part === "number");
  return isPlain || !hasNumbers(value, "delta") ? undefined : ofPriced(value, describe);
}
