"""Runs one notebook headless, says on stdout (JSON lines) where it is, and writes what came out, also when it stops."""

import asyncio
import json
import os
import signal
import sys
import threading

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellExecutionError, CellTimeoutError, DeadKernelError
from nbclient.util import run_sync


STARTS = 3


class Client(NotebookClient):
    """Loses no output: one that comes after its cell has ended, as from a timer, goes to that cell all the same."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, iopub_timeout=60, raise_on_iopub_timeout=True, **kwargs)
        self.senders = {}

    async def async_start_new_kernel_client(self):
        client = await super().async_start_new_kernel_client()
        # What a kernel publishes before the subscription has reached it is lost, so it is asked until it is heard.
        heard = asyncio.ensure_future(client.iopub_channel.get_msg(timeout=None))
        while not heard.done():
            client.kernel_info()
            await asyncio.wait([heard], timeout=0.5)
        return client

    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    async def _async_poll_output_msg(self, parent_msg_id, cell, cell_index):
        self.senders[parent_msg_id] = (cell, cell_index)
        while True:
            message = await self.kc.iopub_channel.get_msg(timeout=None)
            sender = message["parent_header"].get("msg_id")
            try:
                if sender in self.senders:
                    self.process_message(message, *self.senders[sender])
            except CellExecutionComplete:
                if sender == parent_msg_id:
                    return


def say(**event):
    print(json.dumps(event), flush=True)


def interrupted(*_):
    raise KeyboardInterrupt


def end_with_parent():
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def write_whole(notebook, target):
    temporary = f"{target}.{os.getpid()}.tmp"
    try:
        nbformat.write(notebook, temporary)
        os.replace(temporary, target)
    except OSError:
        if os.path.exists(temporary):
            os.remove(temporary)
        raise


def main(source, target):
    signal.signal(signal.SIGTERM, interrupted)
    threading.Thread(target=end_with_parent, daemon=True).start()
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
    where = {"index": None}

    def on_cell_start(cell, cell_index):
        where["index"] = cell_index
        if cell.cell_type == "code":
            say(event="cell", index=cell_index)

    def run():
        client = Client(
            notebook,
            kernel_name="tslab",
            timeout=None,
            record_timing=False,
            resources={"metadata": {"path": os.path.dirname(os.path.abspath(source))}},
            on_cell_start=on_cell_start,
        )
        client.execute()

    code = 0
    try:
        for start in range(STARTS):
            try:
                run()
                break
            except RuntimeError:
                # A kernel ends at once where another program has taken one of its ports; the next one gets others.
                if where["index"] is not None or start == STARTS - 1:
                    raise
        say(event="done")
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        say(event="error", index=where["index"] or 0, dead=isinstance(error, DeadKernelError), message=str(error))
        code = 1
    except RuntimeError as error:
        # nbclient's own words when a kernel does not answer
        say(event="error", index=where["index"] or 0, dead=True, message=str(error))
        code = 1
    except KeyboardInterrupt:
        say(event="interrupted", index=where["index"] or 0)
        code = 130
    try:
        write_whole(notebook, target)
    except OSError as error:
        print(f"the executed notebook could not be written: {error.strerror}", file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
