# peer: TensorFlow
# requirements: tensorflow
"""Peer of bench/hvp.ts: the same gradient and Hessian-vector product by nested tapes in a compiled function."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

from harness import serve
from training import sine_network

FILTERS = 32
N = 64

model, x, y = sine_network(FILTERS, N)
weights = [variable.value for variable in model.trainable_variables]
flat = np.cos(np.arange(sum(int(np.prod(w.shape)) for w in weights)))
direction, at = [], 0
for w in weights:
    size = int(np.prod(w.shape))
    direction.append(tf.constant(flat[at : at + size].reshape(w.shape), tf.float32))
    at += size


def loss():
    logits = model(x, training=False)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits))


@tf.function
def gradient():
    with tf.GradientTape() as tape:
        value = loss()
    return tape.gradient(value, weights)


@tf.function
def hessian_vector_product(v):
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            value = loss()
        gradients = inner.gradient(value, weights)
    return outer.gradient(gradients, weights, output_gradients=v)


def length(tensors):
    squares = sum(float(np.square(tensor.numpy().astype("float64")).sum()) for tensor in tensors)
    return float(f"{np.sqrt(squares):.3g}")


serve(
    [
        ("hvp-gradient", lambda: length(gradient())),
        ("hvp", lambda: length(hessian_vector_product(direction))),
    ]
)
