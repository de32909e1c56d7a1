"""100,000 places through GDAL and PROJ (rasterio.warp.transform), there and back: JSON of milliseconds and of a check.

Arguments: the CRS, how many places, and their box in degrees: west, south, east, north.
"""

import json
import sys
import time

import numpy
from rasterio.warp import transform

crs, count = sys.argv[1], int(sys.argv[2])
west, south, east, north = map(float, sys.argv[3:])
at = numpy.arange(count)
lons = west + (east - west) * ((at * 0.6180339887) % 1)
lats = south + (north - south) * ((at * 0.7548776662) % 1)
transform("EPSG:4326", crs, lons[:10], lats[:10])
started = time.perf_counter()
xs, ys = transform("EPSG:4326", crs, lons, lats)
between = time.perf_counter()
transform(crs, "EPSG:4326", xs, ys)
ended = time.perf_counter()
print(json.dumps({
    "forward": (between - started) * 1000,
    "inverse": (ended - between) * 1000,
    "sum": [float(numpy.mean(xs)), float(numpy.mean(ys))],
}))
