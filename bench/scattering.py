# peer: Kymatio, TensorFlow
# requirements: tensorflow
"""Peer of bench/scattering.ts: scattering features of two orders, eight directions, J = 2, of all of MNIST's training
images, by Kymatio on TensorFlow, compiled: the fastest of its frontends that these packages run."""

import gzip
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
# Its short name also imports the 3D part, which asks SciPy for a function that is gone.
from kymatio.scattering2d.frontend.tensorflow_frontend import ScatteringTensorFlow2D

from harness import data_folder, serve

BATCH = 250

MNIST = data_folder("mnist/train-images-idx3-ubyte.gz")
with gzip.open(MNIST / "train-images-idx3-ubyte.gz") as file:
    images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)

scattering = ScatteringTensorFlow2D(J=2, shape=(28, 28), L=8)
compiled = tf.function(scattering.scattering)


def features():
    parts = np.empty((len(images), 81, 7, 7), np.float32)
    for start in range(0, len(images), BATCH):
        batch = tf.constant(images[start:start + BATCH] / np.float32(255))
        parts[start:start + BATCH] = compiled(batch).numpy()


serve([("scattering-60k", features)])
