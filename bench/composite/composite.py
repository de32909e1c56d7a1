"""The same composite by rasterio and numpy, some rows of all scenes at a time: what the composite bench compares with.

Usage: composite.py red.tif nir.tif scenes method. Every third scene has its bands change places, as ours.ts has it.
"""

import json
import resource
import sys

import numpy
import rasterio

ROWS = 512
red_path, nir_path, count, method = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
OPTIONS = {"driver": "GTiff", "tiled": True, "blockxsize": 512, "blockysize": 512, "compress": "deflate"}


def rows_of(dataset, window):
    return dataset.read(1, window=window).astype("f8")


def ndvi(red, nir):
    with numpy.errstate(all="ignore"):
        total = nir + red
        return numpy.where((red == 0) | (nir == 0) | (total <= 0), numpy.nan, (nir - red) / total)


def compose(stack):
    valid = ~numpy.isnan(stack)
    if method == "median":
        with numpy.errstate(all="ignore"):
            return numpy.nanmedian(stack, axis=0), None
    if method == "max_ndvi":
        best = numpy.argmax(numpy.where(valid, stack, -numpy.inf), axis=0)
    else:
        best = stack.shape[0] - 1 - numpy.argmax(valid[::-1], axis=0)
    return numpy.take_along_axis(stack, best[None], axis=0)[0], best.astype("i4")


files = [(rasterio.open(red_path), rasterio.open(nir_path)) for _ in range(count)]
first = files[0][0]
grid = {"width": first.width, "height": first.height, "count": 1, "crs": first.crs, "transform": first.transform}
total, valid = 0.0, 0
with rasterio.MemoryFile() as memory, rasterio.MemoryFile() as days:
    with (
        memory.open(**grid, **OPTIONS, dtype="float32", nodata=numpy.nan, predictor=3) as raster,
        days.open(**grid, **OPTIONS, dtype="int32", nodata=-1, predictor=2) as dates,
    ):
        for row in range(0, first.height, ROWS):
            window = rasterio.windows.Window(0, row, first.width, min(ROWS, first.height - row))
            layers = []
            for at, (red, nir) in enumerate(files):
                bands = rows_of(red, window), rows_of(nir, window)
                layers.append(ndvi(*(bands if at % 3 < 2 else bands[::-1])))
            values, best = compose(numpy.stack(layers))
            raster.write(values.astype("f4"), 1, window=window)
            if best is not None:
                dates.write(best, 1, window=window)
            total += float(numpy.nansum(values))
            valid += int((~numpy.isnan(values)).sum())
usage = resource.getrusage(resource.RUSAGE_SELF)
answer = {"mean": total / valid, "cpu_ms": 1000 * (usage.ru_utime + usage.ru_stime), "peak_mb": usage.ru_maxrss / 1024}
print(json.dumps(answer))
