# peer: CPython
"""The peer of self-test.ts: the same sum in the same order."""

from harness import serve

TERMS = 2_000_000


def sum_of_inverse_squares():
    total = 0.0
    for i in range(1, TERMS + 1):
        total += 1 / (i * i)
    return total


serve([("self-test", sum_of_inverse_squares)])
