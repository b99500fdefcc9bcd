"""How nbgrader works with this project's notebooks; a course's nbgrader_config.py calls `configure`."""

import json
import os
from pathlib import Path


def point_to(folder, module):
    """Makes a folder that cells can import, and that is the compiled module."""
    folder.mkdir(parents=True, exist_ok=True)
    path = os.path.relpath(module, folder).replace(os.sep, "/")
    (folder / "package.json").write_text(json.dumps({"main": f"{path}.js", "types": f"{path}.d.ts"}))


def configure(c, root, course, seconds):
    """Sets what nbgrader can't know: `seconds` is the most that a cell may take."""
    root, course = Path(root), Path(course)
    c.CourseDirectory.root = str(course)
    # nbgrader has words of its own for unfinished code in each language it knows, and refuses any other language.
    # Here the learner's line stands before the solution, so nothing is put in its place.
    c.ClearSolutions.code_stub = {"typescript": ""}
    c.Execute.timeout = seconds
    c.Execute.iopub_timeout = 60

    def give_modules(student, assignment, **_):
        """Gives what a submission imports, where its cells look for it: the project's, whatever was handed in."""
        graded = course / "autograded" / student
        point_to(graded / "lib", root / "lib" / "dist" / "index")
        point_to(graded / assignment / assignment, root / "dist" / assignment / "index")
        point_to(graded / "tests", root / "dist" / assignment / "exercises")

    c.Autograde.pre_convert_hook = give_modules
