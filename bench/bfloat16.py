# peer: Keras
# requirements: tensorflow
"""Peer of bench/bfloat16.ts: Keras with oneDNN in the same mode."""

import os

os.environ["ONEDNN_DEFAULT_FPMATH_MODE"] = "BF16"

from harness import serve
from training import training

serve([training(filters, "-bfloat16") for filters in (16, 32, 128)])
