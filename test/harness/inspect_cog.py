"""What GDAL and rasterio say of GeoTIFFs: for each path on standard input one line of JSON.

Pixels are given as the SHA-256 of the float32 array in row-major order, every NaN as the same one.
"""

import hashlib
import json
import sys

import numpy
import rasterio
from osgeo_utils.samples.validate_cloud_optimized_geotiff import validate


def digest(path, level, band=1):
    options = {} if level == 0 else {"OVERVIEW_LEVEL": level - 1}
    with rasterio.open(path, **options) as dataset:
        pixels = dataset.read(band).astype("<f4")
    pixels[numpy.isnan(pixels)] = numpy.float32("nan")
    return {"shape": list(pixels.shape), "sha256": hashlib.sha256(pixels.tobytes()).hexdigest()}


def describe(path):
    warnings, errors, details = validate(path, full_check=True)
    with rasterio.open(path) as dataset:
        overviews = dataset.overviews(1)
        structure = dataset.tags(ns="IMAGE_STRUCTURE")
        return {
            "warnings": warnings,
            "errors": errors,
            "crs": dataset.crs.to_string() if dataset.crs else None,
            "proj4": dataset.crs.to_proj4() if dataset.crs else None,
            "transform": list(dataset.transform[:6]),
            "dtype": dataset.dtypes[0],
            "nodata": str(dataset.nodata),
            "block": list(dataset.block_shapes[0]),
            "area_or_point": dataset.tags().get("AREA_OR_POINT"),
            "structure": structure,
            "overviews": overviews,
            "levels": [digest(path, level) for level in range(len(overviews) + 1)],
            "others": [
                [digest(path, level, band) for level in range(len(overviews) + 1)]
                for band in range(2, dataset.count + 1)
            ],
            "descriptions": list(dataset.descriptions),
        }


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(describe(line.rstrip("\n"))), flush=True)
