import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decimalSum } from "../../lib/math/decimal";

test("sums come out as on paper where doubles drift", () => {
  assert.equal(decimalSum([{ value: 0.1, count: 3 }]), 0.3);
  assert.equal(decimalSum([{ value: 0.1, count: 10 }]), 1);
  assert.equal(decimalSum([{ value: 1e-7, count: 3 }, { value: 2.5e21 }, { value: -2.5e21 }]), 3e-7);
  assert.equal(decimalSum([]), 0);
});

test("whole numbers and their order don't matter, and one number is itself", () => {
  const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }));
  fc.assert(fc.property(numbers, (values) => {
    const terms = values.map((value) => ({ value }));
    assert.equal(decimalSum(terms), decimalSum([...terms].reverse()));
    for (const value of values) assert.equal(decimalSum([{ value }]), value + 0);
  }));
  assert.equal(decimalSum([{ value: 5e-324 }]), 5e-324);
  assert.equal(decimalSum([{ value: Number.MAX_VALUE }]), Number.MAX_VALUE);
});
