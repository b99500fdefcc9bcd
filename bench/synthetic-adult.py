# peer: AIM on mbi
# requirements: mbi
"""Peer of bench/synthetic-adult.ts: AIM (McKenna et al., VLDB 2022, Algorithm 2) with its published settings, its
models estimated by mbi's mirror descent. Marginals that lie in no clique are compared through many rows drawn from the
model, and candidates whose noise alone exceeds every possible error are left out, as on our side; the model may take
8 MB, as there. With `--score`, it prints error and accuracy in place of speaking the bench protocol."""

import gzip
import itertools
import json
import sys
import time

import jax

jax.config.update("jax_enable_x64", True)

import numpy as np
from mbi import Domain, LinearMeasurement, estimation, junction_tree
from scipy.optimize import brentq

from harness import data_folder, serve

ADULT = data_folder("fairness/adult-train.csv.gz")
DELTA, MAX_MODEL_MB, COMPARED_ROWS, ITERATIONS = 1e-9, 8, 200_000, 1000
# Bounds of the numeric columns, by position; each is counted in 32 bins of equal width, whole numbers.
BOUNDS = {0: (17, 90), 2: (12285, 1490400), 4: (1, 16), 10: (0, 99999), 11: (0, 4356), 12: (1, 99)}


def read(name):
    with gzip.open(ADULT / name, "rt") as file:
        lines = [line.strip().rstrip(".") for line in file if "," in line]
    return [[value.strip() for value in line.split(",")] for line in lines]


train, test = read("adult-train.csv.gz"), read("adult-test.csv.gz")
NAMES = [sorted({row[j] for row in train + test}) for j in range(15)]
EDGES = {}
for j, (low, high) in BOUNDS.items():
    bins = min(32, high + 1 - low)
    EDGES[j] = np.array([low + -(-b * (high + 1 - low) // bins) for b in range(bins + 1)])
SIZES = [len(EDGES[j]) - 1 if j in EDGES else len(NAMES[j]) for j in range(15)]


def coded(rows):
    columns = []
    for j in range(15):
        if j in EDGES:
            columns.append(np.searchsorted(EDGES[j], [int(row[j]) for row in rows], side="right") - 1)
        else:
            code = {name: k for k, name in enumerate(NAMES[j])}
            columns.append(np.array([code[row[j]] for row in rows]))
    return columns


TRAIN = coded(train)
DOMAIN = Domain(range(15), SIZES)


def counts(columns, clique):
    cells = np.zeros(len(columns[0]), np.int64)
    for j in clique:
        cells = cells * SIZES[j] + columns[j]
    return np.bincount(cells, minlength=int(np.prod([SIZES[j] for j in clique]))).astype(float)


def rho_for(epsilon, delta):
    """The largest ρ whose zCDP implies (ε, δ): Canonne, Kamath & Steinke 2020, Proposition 12."""

    def excess(log_rho):
        rho = np.exp(log_rho)
        alphas = 1 + np.exp(np.linspace(np.log(1e-3), np.log(1e5), 20_000))
        log_delta = (alphas - 1) * (alphas * rho - epsilon) + alphas * np.log1p(-1 / alphas) - np.log(alphas - 1)
        return log_delta.min() - np.log(delta)

    return float(np.exp(brentq(excess, np.log(1e-8), np.log(epsilon + 5))))


def aim(epsilon, seed):
    """Returns the model and how many rounds there were."""
    rng = np.random.default_rng(seed)
    rho = rho_for(epsilon, DELTA)
    sets = [clique for ways in (1, 2, 3) for clique in itertools.combinations(range(15), ways)]
    answers = {clique: counts(TRAIN, clique) for clique in sets}
    rounds = 16 * 15
    sigma, choice = np.sqrt(rounds / (2 * 0.9 * rho)), np.sqrt(8 * 0.1 * rho / rounds)
    measurements = []

    def measure(clique):
        noisy = answers[clique] + rng.normal(0, sigma, answers[clique].size)
        measurements.append(LinearMeasurement(noisy, clique, float(sigma)))

    def estimate(start=None):
        return estimation.MirrorDescent().estimate(DOMAIN, measurements, iters=ITERATIONS, warm_start=start, tol=1e-4)

    for j in range(15):
        measure((j,))
    used, model, done, t = 15 * 0.5 / sigma**2, estimate(), False, 0
    while not done:
        t += 1
        if rho - used < 2 * (0.5 / sigma**2 + choice**2 / 8):
            left = rho - used
            sigma, choice, done = np.sqrt(1 / (2 * 0.9 * left)), np.sqrt(8 * 0.1 * left), True
        used += 0.5 / sigma**2 + choice**2 / 8
        limit = MAX_MODEL_MB * used / rho
        total, cliques = float(model.total), list(model.cliques)
        np.random.seed(int(rng.integers(2**31)))
        drawn = model.synthetic_data(rows=COMPARED_ROWS).to_dict()
        drawn = [np.asarray(drawn[j]) for j in range(15)]
        candidates, scores, expected = [], [], {}
        for clique in sets:
            penalty = np.sqrt(2 / np.pi) * sigma * answers[clique].size
            inside = any(set(clique) <= set(other) for other in cliques)
            if len(clique) > 1 and penalty > 2 * total:
                continue
            if not inside and junction_tree.hypothetical_model_size(DOMAIN, cliques + [clique]) > limit:
                continue
            expected[clique] = counts(drawn, clique) * total / COMPARED_ROWS
            candidates.append(clique)
            scores.append(len(clique) * (np.abs(answers[clique] - expected[clique]).sum() - penalty))
        logits = choice * np.array(scores) / (2 * 3)
        chosen = candidates[int(np.argmax(logits + rng.gumbel(size=len(logits))))]
        measure(chosen)
        model = estimate(model)
        moved = np.abs(np.asarray(model.project(chosen).datavector()) - expected[chosen]).sum()
        if moved <= np.sqrt(2 / np.pi) * sigma * answers[chosen].size:
            sigma, choice = sigma / 2, choice * 2
    return model, t


def score(epsilon, seed):
    from sklearn.ensemble import GradientBoostingClassifier

    start = time.perf_counter()
    model, rounds = aim(epsilon, seed)
    np.random.seed(seed)
    drawn = model.synthetic_data(rows=len(train)).to_dict()
    seconds = time.perf_counter() - start
    drawn = [np.asarray(drawn[j]).astype(np.int64) for j in range(15)]
    rng = np.random.default_rng(seed)

    def features(columns, values):
        parts = []
        for j in range(14):
            if j in EDGES:
                parts.append(values(j)[:, None])
            else:
                kept = [k for k, name in enumerate(NAMES[j]) if name != "?"]
                parts.append((columns[j][:, None] == np.array(kept)[None, :]).astype(float))
        return np.hstack(parts)

    def from_bins(j):
        low, high = EDGES[j][drawn[j]], EDGES[j][drawn[j] + 1]
        return low + np.floor(rng.random(len(low)) * (high - low))

    held_out = coded(test)
    X_test = features(held_out, lambda j: np.array([float(row[j]) for row in test]))
    fitted = GradientBoostingClassifier(random_state=seed).fit(features(drawn, from_bins), drawn[14])
    errors = []
    for ways in (1, 2, 3):
        sets = itertools.combinations(range(15), ways)
        errors.append(np.mean([
            np.abs(counts(TRAIN, s) / len(train) - counts(drawn, s) / len(drawn[0])).sum() / 2 for s in sets]))
    return {
        "epsilon": epsilon, "seed": seed, "rounds": rounds, "seconds": round(seconds, 1),
        "tvd": [round(float(error), 4) for error in errors],
        "accuracy": round(float((fitted.predict(X_test) == held_out[14]).mean()), 4),
    }


if "--score" in sys.argv:
    for epsilon in map(float, sys.argv[sys.argv.index("--score") + 1].split(",")):
        for seed in map(int, sys.argv[sys.argv.index("--score") + 2].split(",")):
            print(json.dumps(score(epsilon, seed)), flush=True)
else:
    serve([("synthetic-adult", lambda: None if aim(1.0, 1) else None)])
