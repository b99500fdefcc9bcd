# peer: TensorFlow
# requirements: tensorflow
"""Peer of bench/unlearning.ts: the same importances and the same dampening, gradients in compiled functions."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

from harness import serve
from training import sine_network

N, FORGOTTEN, BATCH, ALPHA = 256, 32, 32, 10

model, x, y = sine_network(16, N)
weights = [variable.value for variable in model.trainable_variables]


@tf.function(reduce_retracing=True)
def squared_gradients(images, labels):
    with tf.GradientTape() as tape:
        tape.watch(weights)
        logits = model(images, training=False)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
    return [tf.square(g) for g in tape.gradient(loss, weights)]


def importance(count, batch):
    sums = [tf.zeros_like(w) for w in weights]
    for start in range(0, count, batch):
        squares = squared_gradients(x[start : start + batch], y[start : start + batch])
        sums = [s + q * (batch / count) for s, q in zip(sums, squares)]
    return sums


def ssd():
    squares = 0.0
    for w, whole, gone in zip(weights, importance(N, BATCH), importance(FORGOTTEN, 1)):
        factor = tf.where(gone > ALPHA * whole, tf.minimum(whole / gone, 1.0), 1.0)
        squares += float(tf.reduce_sum(tf.square(w * factor - w)).numpy())
    return float(f"{np.sqrt(squares):.2g}")


serve([("ssd", ssd)])
