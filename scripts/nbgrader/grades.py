"""The gradebook's points for one assignment, as JSON on stdout. grades.py DATABASE ASSIGNMENT"""

import json
import sys

from nbgrader.api import Gradebook


def main(database, assignment):
    with Gradebook(f"sqlite:///{database}") as book:
        rows = {
            submission.student.id: {
                grade.name.removeprefix("test-"): {"points": grade.score, "most": grade.max_score}
                for notebook in submission.notebooks
                for grade in sorted(notebook.grades, key=lambda grade: grade.name)
            }
            for submission in book.assignment_submissions(assignment)
        }
    print(json.dumps(rows))


if __name__ == "__main__":
    main(*sys.argv[1:3])
