"""Runs JupyterLab and ends it with the process that started it, however that one ends; its kernels end with it."""

import os
import signal
import sys
import threading
import time

from jupyterlab.labapp import main

LAST_WORDS_S = 5


def end(*_):
    os.kill(os.getpid(), signal.SIGTERM)


def end_with_parent(parent):
    while os.getppid() == parent:
        time.sleep(1)
    end()
    time.sleep(LAST_WORDS_S)
    os._exit(1)


if __name__ == "__main__":
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, end)
    threading.Thread(target=end_with_parent, args=(os.getppid(),), daemon=True).start()
    sys.exit(main())
