"""A full-size pair for the reads bench, from a real crop: mirror-tiled to a scene's size, written as USGS writes its COGs.

    /usr/bin/python3 make_pair.py FOLDER_OF_THE_CROP FOLDER_FOR_THE_PAIR

writes red.tif and nir.tif: 7800 x 7700 px of uint16, Deflate with predictor 2, tiles of 256, overviews to 1/32.
The same GDAL writes the same bytes every time.
"""

import os
import sys

import numpy
import rasterio
from rasterio.shutil import copy

ROWS, COLS = 7700, 7800
COG = {
    "driver": "COG",
    "COMPRESS": "DEFLATE",
    "PREDICTOR": "2",
    "BLOCKSIZE": "256",
    "OVERVIEW_RESAMPLING": "AVERAGE",
    "NUM_THREADS": "ALL_CPUS",
}


def mirrored(length, size):
    """Indices that run to and fro over `length` samples: no seam that would compress unlike a real scene."""
    index = numpy.arange(size) % (2 * length)
    return numpy.where(index < length, index, 2 * length - 1 - index)


def enlarge(source, target):
    with rasterio.open(source) as crop:
        pixels, kept = crop.read(1), {name: crop.profile[name] for name in ("crs", "transform", "nodata")}
    scene = pixels[mirrored(crop.height, ROWS)][:, mirrored(crop.width, COLS)]
    shape = {"driver": "GTiff", "dtype": "uint16", "count": 1, "height": ROWS, "width": COLS}
    with rasterio.MemoryFile() as memory:
        with memory.open(**shape, **kept) as dataset:
            dataset.write(scene, 1)
        with memory.open() as dataset:
            copy(dataset, target + ".part", **COG)
    os.replace(target + ".part", target)


crop, pair = sys.argv[1:]
for band, name in (("red", "red"), ("nir08", "nir")):
    enlarge(os.path.join(crop, band + ".tif"), os.path.join(pair, name + ".tif"))
