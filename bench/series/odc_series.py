"""The peer of the series bench: NDVI of a polygon on each date by odc.stac.load and numpy, nothing verified or kept.

Usage: odc_series.py items.json polygon.json rounds. Prints one JSON object: the seconds of each round one after the
other, the same with eight threads, and the mean of each date. GDAL keeps nothing of a round for the next.
"""

import json
import sys
import time

import numpy
import odc.geo.geom
import odc.stac
import pystac

items = [pystac.Item.from_dict(item) for item in json.load(open(sys.argv[1]))]
polygon = odc.geo.geom.Geometry(json.load(open(sys.argv[2])), crs="EPSG:4326")
odc.stac.configure_rio(cloud_defaults=True, VSI_CACHE=False, CPL_VSIL_CURL_NON_CACHED="/vsicurl/http://127.0.0.1")


def means(**options):
    data = odc.stac.load(items, bands=["red", "nir08"], geopolygon=polygon, **options)
    red, nir = (data[name].values.astype("float64") for name in ("red", "nir08"))
    valid = (red != 0) & (nir != 0)
    red, nir = red * 0.0000275 - 0.2, nir * 0.0000275 - 0.2
    ndvi = numpy.where(valid, (nir - red) / (nir + red), numpy.nan)
    return [float(numpy.nanmean(values)) for values in ndvi]


def seconds(**options):
    started = time.perf_counter()
    means(**options)
    return time.perf_counter() - started


answer = means()
rounds = range(int(sys.argv[3]))
print(json.dumps({"plain": [seconds() for _ in rounds], "pool": [seconds(pool=8) for _ in rounds], "means": answer}))
