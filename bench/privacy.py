# peer: NumPy, scikit-learn, TensorFlow
# requirements: tensorflow
"""Peers of bench/privacy.ts: the same images noised by NumPy; the same k-means (same first centres) by scikit-learn; the
same DP-SGD steps and the same IIC epoch in Keras on TensorFlow."""

import gzip
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.cluster import KMeans

from harness import data_folder, serve

MNIST = data_folder("mnist/train-images-idx3-ubyte.gz")
with gzip.open(MNIST / "train-images-idx3-ubyte.gz") as file:
    images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784)
with gzip.open(MNIST / "train-labels-idx1-ubyte.gz") as file:
    classes = np.frombuffer(file.read(), np.uint8, offset=8).astype("int32")

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


RECORDS, STEPS, CLIP, LEARNING_RATE = 256, 10, 1.0, 0.1
# What ε = 1e8 for all steps asks for; it is small, and its size changes no time.
NOISE = 2.2e-4

records = tf.constant(images[:RECORDS].reshape(-1, 28, 28, 1) / 255, tf.float32)
targets = tf.constant(classes[:RECORDS])


class LeNet:
    """LeNet as plain operations, so that the inputs and the outputs of every layer with weights are at hand."""

    shapes = [(5, 5, 1, 6), (5, 5, 6, 16), (400, 120), (120, 84), (84, 10)]

    def __init__(self):
        self.kernels, self.biases = [], []
        for shape in self.shapes:
            size = int(np.prod(shape))
            i = np.arange(size, dtype="float64")
            kernel = np.sqrt(6 * shape[-1] / size) * np.sin(i * i)
            self.kernels.append(tf.Variable(kernel.reshape(shape).astype("float32")))
            self.biases.append(tf.Variable(tf.zeros(shape[-1])))
        self.start = [kernel.numpy() for kernel in self.kernels]

    def reset(self):
        for kernel, start, bias in zip(self.kernels, self.start, self.biases):
            kernel.assign(start)
            bias.assign(tf.zeros_like(bias))

    def forward(self, x):
        """Logits, and each layer's input and its output before the activation."""
        inputs, outputs = [], []
        for i, (kernel, bias) in enumerate(zip(self.kernels, self.biases)):
            if i == 2:
                x = tf.reshape(x, (-1, 400))
            inputs.append(x)
            if i < 2:
                z = tf.nn.conv2d(x, kernel, 1, "SAME" if i == 0 else "VALID") + bias
            else:
                z = x @ kernel + bias
            outputs.append(z)
            x = tf.nn.relu(z) if i < 4 else z
            if i < 2:
                x = tf.nn.max_pool2d(x, 2, 2, "VALID")
        return x, inputs, outputs


lenet = LeNet()


@tf.function
def private_step(x, y):
    """One step with per-example gradients made layer by layer, as Opacus makes them: unfolded inputs times the outputs'
    gradients."""
    with tf.GradientTape() as tape:
        logits, inputs, outputs = lenet.forward(x)
        loss = tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits))
    gradients = []
    for i, (a, dz) in enumerate(zip(inputs, tape.gradient(loss, outputs))):
        if i < 2:
            padding = "SAME" if i == 0 else "VALID"
            patches = tf.image.extract_patches(a, [1, 5, 5, 1], [1, 1, 1, 1], [1, 1, 1, 1], padding)
            patches = tf.reshape(patches, (RECORDS, -1, patches.shape[-1]))
            dz = tf.reshape(dz, (RECORDS, -1, dz.shape[-1]))
            gradients += [tf.matmul(patches, dz, transpose_a=True), tf.reduce_sum(dz, 1)]
        else:
            gradients += [a[:, :, None] * dz[:, None, :], dz]
    squares = [tf.reduce_sum(tf.square(tf.reshape(g, (RECORDS, -1))), 1) for g in gradients]
    factors = CLIP / tf.maximum(tf.sqrt(tf.add_n(squares)), CLIP)
    variables = [v for pair in zip(lenet.kernels, lenet.biases) for v in pair]
    for variable, g in zip(variables, gradients):
        total = tf.reshape(tf.linalg.matvec(tf.reshape(g, (RECORDS, -1)), factors, transpose_a=True), variable.shape)
        noised = total + NOISE * CLIP * tf.random.normal(variable.shape)
        variable.assign_sub(LEARNING_RATE * noised / RECORDS)


def dpsgd():
    lenet.reset()
    for _ in range(STEPS):
        private_step(records, targets)
    squares = sum(np.square(k.numpy() - start).sum() for k, start in zip(lenet.kernels, lenet.start))
    squares += sum(np.square(b.numpy()).sum() for b in lenet.biases)
    return float(f"{np.sqrt(squares):.3g}")


IIC_IMAGES, BATCH, HEADS, GROUPS = 5000, 250, 5, (10, 50)
trunk = [layers.Conv2D(16, 3, activation="relu"), layers.BatchNormalization(momentum=0.9), layers.MaxPooling2D(2)]
trunk += [layers.Conv2D(32, 3, activation="relu"), layers.BatchNormalization(momentum=0.9), layers.MaxPooling2D(2)]
trunk += [layers.Conv2D(64, 3, activation="relu"), layers.BatchNormalization(momentum=0.9), layers.Flatten()]
iic = keras.Sequential([keras.Input((24, 24, 1)), *trunk, layers.Dense(HEADS * sum(GROUPS))])
adam = keras.optimizers.Adam(2e-3)
digits = tf.constant(images[:IIC_IMAGES].reshape(-1, 28, 28, 1) / 255, tf.float32)


def views(x):
    """Random views as lib/clustering/views.ts makes them: turned, zoomed, slanted, shifted, brightened."""
    n = tf.shape(x)[0]
    def around(width):
        return tf.random.uniform((n,), -width, width)
    angle, slant = around(np.pi / 9), around(0.2)
    tall, wide = 1 + around(0.2), 1 + around(0.2)
    down, right = around(2.0), around(2.0)
    cos, sin = tf.cos(angle), tf.sin(angle)
    yy, yx = cos * tall, -sin * tall
    xy, xx = (sin + slant) * wide, cos * wide
    # Row and column of the source for row and column of the view; the view's middle is at 11.5, the image's at 13.5.
    x0 = 13.5 + right - 11.5 * (xx + xy)
    y0 = 13.5 + down - 11.5 * (yx + yy)
    zero = tf.zeros_like(angle)
    matrices = tf.stack([xx, xy, x0, yx, yy, y0, zero, zero], 1)
    turned = tf.raw_ops.ImageProjectiveTransformV3(
        images=x, transforms=matrices, output_shape=[24, 24], fill_value=0.0, interpolation="BILINEAR",
        fill_mode="CONSTANT")
    return turned * (1 + around(0.2))[:, None, None, None]


def information(first, second):
    """Mutual information of each head, [pairs, heads, clusters] twice."""
    joint = tf.einsum("nhc,nhd->hcd", first, second)
    joint = (joint + tf.transpose(joint, (0, 2, 1))) / 2
    joint = tf.maximum(joint / tf.reduce_sum(joint, (1, 2), keepdims=True), 1e-10)
    rows, columns = tf.reduce_sum(joint, 2, keepdims=True), tf.reduce_sum(joint, 1, keepdims=True)
    return tf.reduce_sum(joint * (tf.math.log(joint) - tf.math.log(rows) - tf.math.log(columns)), (1, 2))


@tf.function
def iic_step(x):
    pairs = views(tf.concat([x, x], 0))
    with tf.GradientTape() as tape:
        logits = iic(pairs, training=True)
        loss = 0.0
        for part, clusters in zip(tf.split(logits, [HEADS * k for k in GROUPS], 1), GROUPS):
            first, second = tf.split(tf.nn.softmax(tf.reshape(part, (-1, HEADS, clusters))), 2)
            loss -= tf.reduce_sum(information(first, second))
    adam.apply(tape.gradient(loss, iic.trainable_variables), iic.trainable_variables)
    return loss


def iic_epoch():
    order = tf.random.shuffle(tf.range(IIC_IMAGES))
    for start in range(0, IIC_IMAGES, BATCH):
        loss = iic_step(tf.gather(digits, order[start : start + BATCH]))
    float(loss)


serve([("noise-60k", noise), ("kmeans-60k", kmeans), ("dpsgd-step", dpsgd), ("iic-epoch", iic_epoch)])
