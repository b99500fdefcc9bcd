"""Unpacks the TensorFlow libraries and headers of a wheel: unpack_wheel.py WHEEL LIB_FOLDER INCLUDE_FOLDER"""

import os
import shutil
import sys
import zipfile

LIBRARIES = ("tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2")
HEADERS = "tensorflow/include/"

wheel, lib, include = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for member in archive.infolist():
        if member.filename in LIBRARIES:
            target = os.path.join(lib, os.path.basename(member.filename))
        elif member.filename.startswith(HEADERS) and not member.is_dir():
            target = os.path.join(include, member.filename[len(HEADERS):])
        else:
            continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(member) as source, open(target, "wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
