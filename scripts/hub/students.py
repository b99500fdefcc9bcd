"""A class at work: so many students log in to a hub at once, each runs one notebook, and their memory is watched.

students.py URL STUDENTS NOTEBOOK HUB_PID; the class's password is in KH_HUB_PASSWORD. One JSON object on stdout.
"""

import asyncio
import json
import os
import sys
import time
import uuid

import aiohttp
import psutil
from yarl import URL

POLL_SECONDS = 0.5
SAMPLE_SECONDS = 1.0


class Kernel:
    """A kernel behind its server's web socket."""

    def __init__(self, socket):
        self.socket = socket
        self.session = uuid.uuid4().hex

    async def ask(self, kind, content):
        """Sends a request; gives its reply and the outputs once the kernel is idle again."""
        identity = uuid.uuid4().hex
        header = {"msg_id": identity, "msg_type": kind, "session": self.session, "username": "", "version": "5.3"}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "buffers": []}
        await self.socket.send_json({**message, "channel": "shell"})
        reply, outputs, idle = None, [], False
        while reply is None or not idle:
            answer = await self.socket.receive_json()
            if answer["parent_header"].get("msg_id") != identity:
                continue
            name = answer["header"]["msg_type"]
            if name == "status":
                idle = answer["content"]["execution_state"] == "idle"
            elif name.endswith("_reply"):
                reply = answer["content"]
            else:
                outputs.append((name, answer["content"]))
        return reply, outputs


async def page(session, url):
    """The page where all redirects end."""
    async with session.get(url, max_redirects=20) as response:
        await response.read()
        return response


def xsrf(session, url):
    """The token that a page of this address has set as a cookie."""
    return session.cookie_jar.filter_cookies(URL(url))["_xsrf"].value


async def log_in(session, base, name):
    """Through the form, as a browser would; then to a server of one's own, once it has started."""
    await page(session, f"{base}/hub/login")
    form = {"username": name, "password": os.environ["KH_HUB_PASSWORD"], "_xsrf": xsrf(session, f"{base}/hub/")}
    async with session.post(f"{base}/hub/login", data=form, max_redirects=20) as response:
        if response.status != 200 or response.url.path.startswith("/hub/login"):
            raise RuntimeError(f"the login was refused with status {response.status}")
    home = f"{base}/user/{name}"
    while True:
        response = await page(session, f"{home}/lab")
        if response.status == 200 and response.url.path.startswith(f"/user/{name}/lab"):
            return home
        await asyncio.sleep(POLL_SECONDS)


async def open_kernel(session, home, notebook):
    """Starts the notebook's kernel, as opening it in JupyterLab does."""
    request = {"path": f"notebooks/{notebook}", "name": notebook, "type": "notebook", "kernel": {"name": "tslab"}}
    headers = {"X-XSRFToken": xsrf(session, f"{home}/")}
    async with session.post(f"{home}/api/sessions", json=request, headers=headers) as response:
        response.raise_for_status()
        kernel = (await response.json())["kernel"]["id"]
    socket = await session.ws_connect(f"{home}/api/kernels/{kernel}/channels", max_msg_size=0)
    return Kernel(socket)


async def work(base, name, notebook):
    """One student's seconds: to JupyterLab, from the kernel's start to the first result, and for the whole notebook."""
    # A cookie of an address that is a number is kept only by an "unsafe" jar.
    async with aiohttp.ClientSession(
        cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=aiohttp.ClientTimeout(total=None, sock_read=600)
    ) as session:
        start = time.monotonic()
        home = await log_in(session, base, name)
        at_lab = time.monotonic()
        async with session.get(f"{home}/api/contents/notebooks/{notebook}") as response:
            response.raise_for_status()
            cells = (await response.json())["content"]["cells"]
        kernel = await open_kernel(session, home, notebook)
        await kernel.ask("kernel_info_request", {})
        first = None
        for index, cell in enumerate(cells):
            if cell["cell_type"] != "code":
                continue
            content = {"code": cell["source"], "silent": False, "store_history": True, "allow_stdin": False}
            reply, outputs = await kernel.ask("execute_request", content)
            if reply["status"] != "ok":
                shown = " ".join(text["text"] for kind, text in outputs if kind == "stream")
                raise RuntimeError(f"cell {index + 1} stopped: {shown or reply}")
            if first is None and any(kind != "stream" for kind, _ in outputs if kind != "execute_input"):
                first = time.monotonic()
        end = time.monotonic()
    return {"lab": at_lab - start, "first": (first or end) - at_lab, "notebook": end - at_lab}


def bytes_of(process):
    """Of a process and all below it; what several share (a library) is counted in shares."""
    total = 0
    for member in [process, *process.children(recursive=True)]:
        try:
            memory = member.memory_full_info()
            total += getattr(memory, "pss", memory.uss)
        except psutil.Error:
            continue
    return total


def sample(hub, peaks):
    """Raises each student's peak, that of the hub with its proxy, and that of all together."""
    total, rest = 0, 0
    for child in hub.children():
        try:
            name = child.environ().get("JUPYTERHUB_USER")
            used = bytes_of(child)
        except psutil.Error:
            continue
        total += used
        if name:
            peaks[name] = max(peaks.get(name, 0), used)
        else:
            rest += used
    own = getattr(hub.memory_full_info(), "pss", 0)
    peaks["hub"] = max(peaks.get("hub", 0), rest + own)
    peaks["all"] = max(peaks.get("all", 0), total + own)


async def watch(hub, peaks):
    while True:
        await asyncio.to_thread(sample, hub, peaks)
        await asyncio.sleep(SAMPLE_SECONDS)


async def main(base, count, notebook, pid):
    names = [f"student{i + 1}" for i in range(int(count))]
    peaks = {}
    watcher = asyncio.create_task(watch(psutil.Process(int(pid)), peaks))
    start = time.monotonic()
    results = await asyncio.gather(*(work(base, name, notebook) for name in names), return_exceptions=True)
    seconds = time.monotonic() - start
    watcher.cancel()
    rows = [
        {"student": name, "bytes": peaks.get(name, 0), **(result if isinstance(result, dict) else {"fault": repr(result)})}
        for name, result in zip(names, results)
    ]
    machine = {"cores": os.cpu_count(), "memory": psutil.virtual_memory().total}
    print(json.dumps({"rows": rows, "seconds": seconds, "hub": peaks["hub"], "all": peaks["all"], **machine}))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5]))
