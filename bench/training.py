# peer: Keras
# requirements: tensorflow
"""Peer of bench/training.ts and bench/bfloat16.ts: the same network, data and optimiser in Keras on TensorFlow."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from harness import serve

IMAGES = {16: 1280, 32: 640, 128: 128}


def vgg_like(filters):
    model = keras.Sequential([keras.Input((32, 32, 3))])
    for rate in (0.1, 0.1, 0.2):
        for _ in range(2):
            model.add(layers.Conv2D(filters, 3, padding="same", activation="relu", kernel_initializer="he_uniform"))
            model.add(layers.BatchNormalization())
        model.add(layers.MaxPooling2D(2))
        model.add(layers.Dropout(rate))
    model.add(layers.Flatten())
    model.add(layers.Dense(512, activation="relu", kernel_initializer="he_uniform"))
    model.add(layers.BatchNormalization())
    model.add(layers.Dense(10))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(1e-3, amsgrad=True), loss=loss, metrics=["accuracy"])
    return model


def sine_network(filters, n):
    """The network with weights, and n images with labels, that bench/sine-network.ts makes too."""
    model = vgg_like(filters)
    for variable in model.trainable_variables:
        if variable.path.endswith("kernel"):
            size = int(np.prod(variable.shape))
            limit = np.sqrt(6 / (size / variable.shape[-1]))
            i = np.arange(size, dtype="float64")
            variable.assign((limit * np.sin(i * i)).reshape(variable.shape))
    x = tf.constant((0.5 + 0.5 * np.sin(0.7 * np.arange(n * 3072))).reshape(n, 32, 32, 3), tf.float32)
    return model, x, tf.constant(np.arange(n) % 10)


def training(filters, suffix=""):
    rng = np.random.RandomState(1)
    n = IMAGES[filters]
    X = rng.randint(256, size=(n, 32, 32, 3)).astype("float32") / 255
    y = rng.randint(10, size=n)
    model = vgg_like(filters)

    def run():
        model.fit(X, y, batch_size=64, epochs=1, verbose=0)

    return f"training-{filters}{suffix}", run


if __name__ == "__main__":
    serve([training(filters) for filters in (16, 32, 128)])
