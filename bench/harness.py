"""The Python side of the bench protocol, see bench/harness.ts."""

import json
import sys
import time


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
