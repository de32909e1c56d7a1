"""The peer of the numbers bench: the notebook's own steps, and the statistics that Greenprint tells, in numpy.

Usage: notebook.py red.tif nir.tif figure.png [overview level]. Prints one JSON object.
"""

import json
import resource
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy
import rasterio


def read(path, level):
    options = {} if level is None else {"OVERVIEW_LEVEL": level}
    with rasterio.open(path, **options) as dataset:
        return dataset.read(1).astype("float64")


def draw(ndvi, path):
    plt.figure()
    plt.imshow(ndvi, cmap="RdYlGn", vmin=-1, vmax=1)
    plt.colorbar(label="NDVI")
    plt.title("Normalized Difference Vegetation Index (NDVI)")
    plt.savefig(path)


def describe(ndvi):
    counts, _ = numpy.histogram(ndvi, 40, (-1, 1))
    return {
        "shape": ndvi.shape,
        "mean": ndvi.mean(),
        "stddev": ndvi.std(),
        "minimum": ndvi.min(),
        "maximum": ndvi.max(),
        "percentiles": numpy.percentile(ndvi, [2, 25, 50, 75, 98]).tolist(),
        "histogram": counts.tolist(),
    }


def peak_mb():
    """Of this program alone: what getrusage calls the peak begins with that of the process that started it."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))


red_path, nir_path, figure, *rest = sys.argv[1:]
overview = int(rest[0]) if rest else None
red, nir = read(red_path, overview), read(nir_path, overview)
ndvi = (nir - red) / (nir + red + 0.0001)
draw(ndvi, figure)
result = describe(ndvi)
used = resource.getrusage(resource.RUSAGE_SELF)
result["cpu_ms"] = (used.ru_utime + used.ru_stime) * 1000
result["peak_mb"] = peak_mb()
print(json.dumps(result))
