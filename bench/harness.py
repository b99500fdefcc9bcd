"""The Python side of the bench protocol, see bench/harness.ts."""

import json
import os
import sys
import time
from pathlib import Path


def serve(works):
    """Speaks the bench protocol for a list of (name, function) pairs."""
    for _, run in works:
        run()
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() != "round":
            raise ValueError(f'bench protocol: expected the line "round", got {line!r}')
        for name, run in works:
            start = time.perf_counter()
            result = run()
            seconds = time.perf_counter() - start
            print(json.dumps({"work": name, "seconds": seconds, "result": result}), flush=True)
        print("done", flush=True)


def data_folder(file):
    """The folder with the fetched data's file, as in mnist/train-images-idx3-ubyte.gz, where the library looks."""
    folders = [
        os.environ.get("KH_DATA_DIR"),
        Path(os.environ.get("KH_CACHE_DIR") or Path.home() / ".cache" / "knowledge-hacking") / "data",
        Path(__file__).resolve().parents[2] / "shared" / "data",
    ]
    return next(path for folder in folders if folder and (path := Path(folder) / file).exists()).parent
