import assert from "node:assert/strict";
import { test } from "node:test";
import {
  requireFinite, requireInRange, requireInteger, requireOneOf, requirePositive, requireSameLength,
} from "../lib/validate";

test("values that are allowed pass, the ends of a range among them", () => {
  requireInRange("f", "p", 0, 0, 1);
  requireInRange("f", "p", 1, 0, 1);
  requireInteger("f", "k", 3, 3, 3);
  requirePositive("f", "sigma", Number.MIN_VALUE);
  requireOneOf("f", "kind", "a", ["a", "b"]);
  requireFinite("f", "X", [0, -1, 1e308]);
  requireSameLength("f", "X", 2, "y", 2);
});

test("a value that is not allowed is named with the function, the argument and what is allowed", () => {
  const says = (message: string) => ({ name: "RangeError", message });
  assert.throws(() => requireInRange("f", "p", 1.2, 0, 1), says("f: p must be in [0, 1], got 1.2"));
  assert.throws(() => requireInRange("f", "p", NaN, 0, 1), says("f: p must be in [0, 1], got NaN"));
  assert.throws(() => requireInteger("f", "k", 2.5, 0), says("f: k must be an integer of at least 0, got 2.5"));
  assert.throws(() => requirePositive("f", "s", Infinity), says("f: s must be a finite number above 0, got Infinity"));
  assert.throws(() => requireOneOf("f", "m", "c" as string, ["a", "b"]), says('f: m must be one of a, b, got "c"'));
  assert.throws(() => requireFinite("f", "X", [1, NaN]), says("f: X must be finite, got NaN at position 1"));
  assert.throws(
    () => requireSameLength("f", "X", 2, "y", 3),
    says("f: X and y must have the same length, got 2 and 3"),
  );
});

test("words in the place of numbers are refused, as untyped notebook cells can pass them", () => {
  const word = "3" as unknown as number;
  assert.throws(() => requireInRange("f", "p", word, 0, 5), { message: 'f: p must be in [0, 5], got "3"' });
  assert.throws(() => requireInteger("f", "k", word, 0), { message: /got "3"/ });
});
