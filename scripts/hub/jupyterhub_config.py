"""JupyterHub for a class on one server; `npm run hub` starts it and gives its settings in KH_HUB."""

import json
import os
import shutil
import signal
from pathlib import Path

from jupyterhub.spawner import SimpleLocalProcessSpawner

c = get_config()  # noqa: F821
settings = json.loads(os.environ["KH_HUB"])
root = Path(settings["root"])
folder = Path(settings["folder"])
students = folder / "students"

c.JupyterHub.bind_url = settings["url"]
c.JupyterHub.ssl_key = settings["sslKey"]
c.JupyterHub.ssl_cert = settings["sslCert"]
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{settings['hubPort']}"
c.JupyterHub.db_url = f"sqlite:///{folder / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(folder / "cookie-secret")
c.JupyterHub.log_level = "INFO"
c.JupyterHub.template_vars = {"announcement_login": "Choose a name of your own; the password is the class's."}

c.JupyterHub.proxy_class = "configurable-http-proxy"
c.ConfigurableHTTPProxy.command = settings["proxy"]
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings['proxyPort']}"
c.ConfigurableHTTPProxy.pid_file = str(folder / "proxy.pid")
c.ConfigurableHTTPProxy.log_level = "error"

# One password for all. A name becomes a folder, so it may only be a plain word.
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = settings["password"]
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = r"[a-z][a-z0-9_-]{0,30}\Z"

# Every server is a process of the account that runs the hub: no account for each student, and no wall between them.
class ClassSpawner(SimpleLocalProcessSpawner):
    async def _signal(self, sig):
        # Without a terminal, Jupyter Server leaves its kernels behind at SIGINT; at SIGTERM it ends them.
        return await super()._signal(signal.SIGTERM if sig == signal.SIGINT else sig)


c.JupyterHub.spawner_class = ClassSpawner
c.SimpleLocalProcessSpawner.home_dir_template = f"{students}/{{username}}"
c.Spawner.cmd = [settings["singleUser"]]
c.Spawner.args = [
    "--MultiKernelManager.default_kernel_name=tslab",
    "--log-level=WARN",
    # A kernel whose page is closed gives its memory back after an hour.
    "--MappingKernelManager.cull_idle_timeout=3600",
    *(["--allow-root"] if os.getuid() == 0 else []),
]
c.Spawner.notebook_dir = f"{students}/{{username}}"
c.Spawner.default_url = "/lab/tree/notebooks"
c.Spawner.environment = {
    "JUPYTER_PATH": settings["jupyterPath"],
    "KH_CACHE_DIR": settings["cache"],
    **{name: os.environ[name] for name in ("KH_DATA_DIR", "KH_PROFILE") if os.environ.get(name)},
}
# Many start at once when a class begins.
c.Spawner.start_timeout = 180
c.Spawner.http_timeout = 180


def give_notebooks(spawner):
    """Puts the class's notebooks, what they import, and the glossary into a student's folder; their own work stays."""
    home = students / spawner.user.name
    notebooks = home / "notebooks"
    notebooks.mkdir(parents=True, exist_ok=True)
    beside = [path.name for path in (root / "notebooks").iterdir() if (path / "index.ts").exists()]
    for name in ("lib", "dist", "data", *(f"notebooks/{folder}" for folder in beside)):
        link = home / name
        if not link.is_symlink() and not link.exists():
            link.symlink_to(root / name, target_is_directory=True)
    (home / "docs").mkdir(exist_ok=True)
    shutil.copyfile(root / "docs" / "glossary.md", home / "docs" / "glossary.md")
    for file in sorted((folder / "class").glob("*.ipynb")):
        copy = notebooks / file.name
        if not copy.exists():
            part = copy.with_suffix(".part")
            shutil.copyfile(file, part)
            part.replace(copy)


c.Spawner.pre_spawn_hook = give_notebooks
