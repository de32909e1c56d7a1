"""What GDAL and pyproj make of the CRS of a published GeoTIFF and of its item, without a network or grids.

Standard input: a row of JSON a line: {source, cog: files, definitions: {form: text or PROJJSON}, places: [[lon, lat, x,
y]]}. Out: per row {source, cog: name by GDAL or null, same: whether both mean the same, off: {cog and every form: how
far its places lie from those told, in its own unit, or what was said against it}}. PROJ_DATA names the folder of the
proj.db that both read.
"""

import json
import math
import os
import sys

import pyproj
import rasterio

pyproj.datadir.set_data_dir(os.environ["PROJ_DATA"])
pyproj.network.set_network_enabled(False)


def by_gdal(path):
    with rasterio.open(path) as dataset:
        return None if dataset.crs is None else dataset.crs.to_wkt(version="WKT2_2019")


def named(wkt):
    try:
        return pyproj.CRS(wkt).name
    except pyproj.exceptions.CRSError:
        return None


def off(definition, places):
    try:
        crs = pyproj.CRS(definition)
        crs = crs.sub_crs_list[0] if crs.is_compound else crs
        transformer = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
        return max(math.dist(transformer.transform(lon, lat), (x, y)) for lon, lat, x, y in places)
    except pyproj.exceptions.ProjError as fault:
        return str(fault)


for line in sys.stdin:
    row = json.loads(line)
    source, cog = by_gdal(row["source"]), by_gdal(row["cog"])
    forms = {"cog": cog, **row["definitions"]}
    print(json.dumps({
        "source": named(source),
        "cog": named(cog),
        "same": source == cog,
        "off": {form: off(definition, row["places"]) for form, definition in forms.items()},
    }))
