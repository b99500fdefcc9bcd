# peer: NumPy
"""Peer of bench/certified.ts: the same neighbours, votes and certificates in NumPy."""

import gzip

import numpy as np

from harness import data_folder, serve

QUERIES, NEIGHBORS, AT_ONCE = 500, 6000, 250
MNIST = data_folder("mnist/train-images-idx3-ubyte.gz")


def images(name):
    with gzip.open(MNIST / f"{name}-images-idx3-ubyte.gz") as file:
        pixels = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784)
    return (pixels >= 128).astype("float32")


def labels(name):
    with gzip.open(MNIST / f"{name}-labels-idx1-ubyte.gz") as file:
        return np.frombuffer(file.read(), np.uint8, offset=8).astype("int64")


X, y = images("train"), labels("train")
queries, truth = images("t10k")[:QUERIES], labels("t10k")[:QUERIES]
one_hot = np.eye(10, dtype="float32")[y]


def votes():
    counted = []
    squares = (X * X).sum(1)
    for start in range(0, QUERIES, AT_ONCE):
        Q = queries[start : start + AT_ONCE]
        distances = squares - 2 * (Q @ X.T) + (Q * Q).sum(1)[:, None]
        limit = np.partition(distances, NEIGHBORS - 1, axis=1)[:, NEIGHBORS - 1 : NEIGHBORS]
        nearer, equal = distances < limit, distances == limit
        # Among equals the first rows come first.
        left = NEIGHBORS - nearer.sum(1, keepdims=True)
        nearest = nearer | (equal & (equal.cumsum(1) <= left))
        counted.append(nearest.astype("float32") @ one_hot)
    return np.concatenate(counted).astype("int64")


def certify():
    counts = votes()
    rows, classes = np.arange(QUERIES), np.arange(10)
    winner = counts.argmax(1)
    lead = counts[rows, winner][:, None] - counts
    # A rival of a lower number wins a draw.
    flips = np.where(classes < winner[:, None], (lead + 1) // 2, lead // 2 + 1)
    flips[rows, winner] = np.iinfo("int64").max
    radii = flips.min(1) - 1
    held = np.where(winner == truth, radii, -1)
    shares = [float((held >= budget).mean()) for budget in (0, 500, 1000)]
    return [int(np.sort(held)[QUERIES // 2]), *shares]


serve([("certify-60k", certify)])
