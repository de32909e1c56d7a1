"""The peer of the reads bench: rasterio over plain HTTP ranges, one job per line of standard input.

A job is {"urls": [...], "window": [col, row, width, height] or null, "shape": [rows, cols] or null}. Each file is read
by a thread of its own with nothing cached; the answer is {"ms": ..., "sha256": [...]}, the hashes being of the
little-endian pixels, taken after the clock has stopped.
"""

import concurrent.futures
import ctypes
import ctypes.util
import hashlib
import json
import sys
import threading
import time

import numpy  # noqa: F401 - loaded before the clock starts
import rasterio
import rasterio.windows

TUNED = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".tif",
    "GDAL_INGESTED_BYTES_AT_OPEN": "65536",
    "GDAL_HTTP_MULTIPLEX": "YES",
    "GDAL_HTTP_MERGE_CONSECUTIVE_RANGES": "YES",
    "VSI_CACHE": "TRUE",
}

gdal = ctypes.CDLL(ctypes.util.find_library("gdal") or "libgdal.so")
pool = concurrent.futures.ThreadPoolExecutor(2)


def read(url, job, start):
    window = job["window"] and rasterio.windows.Window(*job["window"])
    shape = job["shape"] and tuple(job["shape"])
    with rasterio.Env(**TUNED):
        gdal.VSICurlClearCache()
        start.wait()
        started = time.perf_counter()
        with rasterio.open("/vsicurl/" + url) as dataset:
            pixels = dataset.read(1, window=window, out_shape=shape)
        return started, time.perf_counter(), pixels


def run(job):
    start = threading.Barrier(len(job["urls"]))
    started, ended, pixels = zip(*pool.map(lambda url: read(url, job, start), job["urls"]))
    hashes = [hashlib.sha256(band.astype("<u2").tobytes()).hexdigest() for band in pixels]
    return {"ms": (max(ended) - min(started)) * 1000, "sha256": hashes}


print(json.dumps({"rasterio": rasterio.__version__, "gdal": rasterio.__gdal_version__}), flush=True)
for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
