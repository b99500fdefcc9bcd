# peer: scikit-learn
"""The peer of copying.ts: scikit-learn on the same points. Its forest uses all cores, as ours does."""

import numpy as np
from harness import serve
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

X, y = load_iris(return_X_y=True)
original = make_pipeline(StandardScaler(), SVC()).fit(X, y)


def sample(n, seed):
    return np.random.RandomState(seed).uniform(X.min(axis=0), X.max(axis=0), (n, 4))


points = sample(1_000_000, 42)
labels = original.predict(points)
fresh = sample(10_000, 43)
truth = original.predict(fresh)


def copy_million():
    drawn = sample(1_000_000, 42)
    tree = DecisionTreeClassifier(random_state=42).fit(drawn, original.predict(drawn))
    return tree.tree_.node_count


def nodes(n):
    return DecisionTreeClassifier(random_state=42).fit(points[:n], labels[:n]).tree_.node_count


def forest():
    fitted = RandomForestClassifier(100, n_jobs=-1, random_state=42).fit(points[:100_000], labels[:100_000])
    return round(float((fitted.predict(fresh) == truth).mean()), 2)


serve(
    [
        ("copy-million", copy_million),
        ("tree-million", lambda: nodes(1_000_000)),
        ("tree-100k", lambda: nodes(100_000)),
        ("tree-10k", lambda: nodes(10_000)),
        ("forest-100k", forest),
    ]
)
