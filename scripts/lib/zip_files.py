"""Packs files into a zip, whole or not at all: zip_files.py LIST.json ZIP; the list has {"name", "path" or "text"}."""

import json
import os
import shutil
import sys
import zipfile

PACKED = (".gz", ".png", ".whl", ".zip")


def add(archive, entry):
    info = zipfile.ZipInfo(entry["name"], (2020, 1, 1, 0, 0, 0))
    info.external_attr = 0o644 << 16
    packed = entry["name"].endswith(PACKED) or "/content-v2/" in entry["name"]
    info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    if "text" in entry:
        archive.writestr(info, entry["text"])
        return
    info.file_size = os.stat(entry["path"]).st_size
    with open(entry["path"], "rb") as source, archive.open(info, "w") as target:
        shutil.copyfileobj(source, target, 1 << 20)


def main(listing, target):
    with open(listing, encoding="utf-8") as file:
        entries = json.load(file)
    part = f"{target}.part"
    try:
        with zipfile.ZipFile(part, "w") as archive:
            for entry in entries:
                add(archive, entry)
        os.replace(part, target)
    except OSError as error:
        if os.path.exists(part):
            os.remove(part)
        sys.exit(str(error.strerror or error))


if __name__ == "__main__":
    main(*sys.argv[1:3])
