"""A crop mirrored again and again to the size of a scene, as a COG like the USGS's: real content, real compression.

Usage: make_pair.py crop.tif out.tif rows cols
The same GDAL writes the same bytes every time.
"""

import os
import sys

import numpy
import rasterio
from rasterio.shutil import copy


def mirrored(size, length):
    """Indices 0..size-1, back again, and so on, `length` of them."""
    at = numpy.arange(length) % (2 * size)
    return numpy.where(at < size, at, 2 * size - 1 - at)


crop_path, out_path, rows, cols = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
with rasterio.open(crop_path) as dataset:
    crop = dataset.read(1)
    profile = {
        "driver": "GTiff",
        "dtype": crop.dtype,
        "count": 1,
        "width": cols,
        "height": rows,
        "crs": dataset.crs,
        "transform": dataset.transform,
        "nodata": 0,
    }
pixels = crop[mirrored(crop.shape[0], rows)][:, mirrored(crop.shape[1], cols)]
with rasterio.MemoryFile() as memory:
    with memory.open(**profile) as dataset:
        dataset.write(pixels, 1)
    with memory.open() as dataset:
        copy(
            dataset,
            out_path + ".part",
            driver="COG",
            COMPRESS="DEFLATE",
            PREDICTOR="YES",
            BLOCKSIZE="256",
            OVERVIEWS="IGNORE_EXISTING",
            OVERVIEW_RESAMPLING="AVERAGE",
            BIGTIFF="IF_SAFER",
            NUM_THREADS="2",
        )
os.replace(out_path + ".part", out_path)
