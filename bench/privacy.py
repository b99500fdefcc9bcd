# peer: NumPy, scikit-learn
"""Peers of bench/privacy.ts: the same images noised by NumPy, the same k-means (same first centres) by scikit-learn."""

import gzip
import os
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans

from harness import serve

FOLDERS = [
    os.environ.get("KH_DATA_DIR"),
    Path(os.environ.get("KH_CACHE_DIR") or Path.home() / ".cache" / "knowledge-hacking") / "data",
    Path(__file__).resolve().parents[2] / "shared" / "data",
]
FILE = next(
    path
    for folder in FOLDERS
    if folder and (path := Path(folder) / "mnist" / "train-images-idx3-ubyte.gz").exists()
)
with gzip.open(FILE) as file:
    images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784)

# The analytic σ for ε 150 at δ = 1/784² and sensitivity √2.
SIGMA = 0.10610441976911857


def noise():
    rng = np.random.default_rng(42)
    unit = images / np.linalg.norm(images.astype(np.float32), axis=1, keepdims=True)
    noised = unit + rng.normal(0.0, SIGMA, unit.shape)
    np.maximum(noised, 0, out=noised)
    return SIGMA


def kmeans():
    rows = images.astype(np.float32)
    return float(KMeans(10, init=rows[:10], n_init=1).fit(rows).inertia_)


serve([("noise-60k", noise), ("kmeans-60k", kmeans)])
