#!/usr/bin/env python3
"""Computes a published change or composite again, from its item and the band files of its scenes, and compares.

    recompute_joint.py item.json before.red=B04.tif before.nir=B08.tif after.red=… [cog=change.tif]
    recompute_joint.py item.json <scene>.red=… <scene>.nir=… <scene>.qa=… [cog=composite.tif] [dates=dates.tif]
    recompute_joint.py --ipfs item.json [cog=…] [dates=…]

Needs rasterio, numpy and recompute.py beside it. With --ipfs the files that are not given are got by Kubo, which hashes
what it writes. Each scene is computed as recompute.py does one; which pixels of which scene lie on the result's grid
follows from greenprint:window and the files' own places, which scenes are one observation from greenprint:sources
(N46 to N48 of docs/numbers.md). Prints what it found as JSON, and ends with 0 where the float32 pixels of every band
have the SHA-256 of the item, and the statistics, and of a composite the pixels of each day, agree.
"""

import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings

import numpy
import rasterio

from recompute import differences, digests, in_polygon, ndvi, picked, read, same_file, sizes, summary

#: Of a day where there is none (N48).
NO_DAY = numpy.iinfo("int32").min
EPOCH = datetime.date(1970, 1, 1)
#: What NDVI, and a difference of two, lie within on both sides of 0.
REACH = {"difference": 2}


def main(arguments):
    item_path, *pairs = (argument for argument in arguments if argument != "--ipfs")
    files = dict(pair.split("=", 1) for pair in pairs)
    with open(item_path, encoding="utf8") as file:
        item = json.load(file)
    properties = item["properties"]
    kind = properties.get("greenprint:kind")
    if kind not in ("change", "composite"):
        sys.exit("not an item of several scenes: recompute.py does the NDVI of one")
    polygon = in_polygon(properties)
    with tempfile.TemporaryDirectory() as folder:
        if "--ipfs" in arguments:
            files = {**got(properties["greenprint:inputs"], files, folder), **files}
        scenes, problems = compute(properties, files, polygon)
    bands, days = change(scenes) if kind == "change" else composite(properties, scenes)
    shas = {}
    for name, values in bands.items():
        shas[name], other = digests(values, properties.get("greenprint:pixels", {}).get(name, {}))
        problems += [f"{name}: {line}" for line in other + numbers(properties, name, values, int(polygon.sum()))]
    if "cog" in files:
        problems += same_file(files["cog"], list(bands.values()))
    if days is not None:
        problems += days_differ(properties["greenprint:sources"], days, files)
    print(json.dumps({"id": item["id"], "sha256": shas, "reproduced": not problems, "differs": problems}, indent=2))
    return 1 if problems else 0


def got(inputs, given, folder):
    """Where each file lies that nobody gave, by its name in the result."""
    found = {}
    if shutil.which("ipfs") is None:
        sys.exit("--ipfs wants Kubo: there is no `ipfs` on the PATH")
    for role, of_scene in inputs.items():
        for name in (name for name in ("red", "nir", "qa") if name in of_scene and f"{role}.{name}" not in given):
            if "cid" not in of_scene[name]:
                sys.exit(f"{role}.{name} has no CID: give {role}.{name}=FILE")
            content = "/".join(part for part in (of_scene[name]["cid"], of_scene[name].get("path")) if part)
            path = os.path.join(folder, str(len(found)))
            command = ["ipfs", "get", "--progress=false", "--output", path, f"/ipfs/{content}"]
            if subprocess.run(command, stdout=sys.stderr).returncode != 0:
                sys.exit(f"Kubo did not get {role}.{name}, {content}")
            found[f"{role}.{name}"] = path
    return found


def files_of(role, files):
    return {name: files[f"{role}.{name}"] for name in ("red", "nir", "qa") if f"{role}.{name}" in files}


def compute(properties, files, polygon):
    """NDVI of each scene on the grid of the result, NaN where it has none, and the files that are others."""
    inputs, windows, problems = properties["greenprint:inputs"], properties["greenprint:window"], []
    own = {role: files_of(role, files) for role in inputs}
    for role in inputs:
        problems += sizes(inputs[role], own[role], f"{role}.")
    shifts = {role: shift(properties, own[role]["red"], inputs[role]["red"], windows[role]) for role in inputs}
    # Pixels of the level from the first that any scene has to the last, of which every `step`th is one of the result.
    ends = [
        max(shifts[role][at] + windows[role][first] + windows[role][size] for role in inputs)
        for at, first, size in ((0, "row", "rows"), (1, "col", "cols"))
    ]
    scenes = {}
    for role, window in windows.items():
        on_grid, of_scene = [], []
        for at, first, size in ((0, "row", "rows"), (1, "col", "cols")):
            places = picked(0, ends[at], window["step"]) - shifts[role][at]
            inner = (places >= window[first]) & (places < window[first] + window[size])
            on_grid.append(numpy.flatnonzero(inner))
            of_scene.append(places[inner])
        everywhere = numpy.ones([len(places) for places in of_scene], bool)
        rules = properties["greenprint:rules"][role]
        values, _ = ndvi(rules, window, inputs[role], own[role], *of_scene, everywhere)
        scenes[role] = numpy.full(properties["proj:shape"], numpy.nan)
        scenes[role][numpy.ix_(*on_grid)] = values
        scenes[role][~polygon] = numpy.nan
    return scenes, problems


def shift(properties, path, told, window):
    """Rows and columns of the scene's level from the first of the grid to the scene's own first."""
    corner, grid = numpy.zeros(1, int), rasterio.Affine(*properties["proj:transform"])
    level = read(path, told, window["level"], corner, corner)["transform"]
    return round((level.f - grid.f) / level.e), round((level.c - grid.c) / level.a)


def change(scenes):
    difference = scenes["after"] - scenes["before"]
    both = ~numpy.isnan(difference)
    alone = {role: numpy.where(both, scenes[role], numpy.nan) for role in ("before", "after")}
    return {"difference": difference, **alone}, None


def composite(properties, scenes):
    """The band, and the number of the observation that each pixel is of: -1 where there is none, None of a median."""
    observations = []
    for source in properties["greenprint:sources"]:
        first, *others = (scenes[role] for role in source["scenes"])
        for values in others:
            first = numpy.where(numpy.isnan(first), values, first)
        observations.append(first)
    stack = numpy.stack(observations)
    some, method = ~numpy.isnan(stack).all(axis=0), properties["greenprint:request"]["reduce"]
    if method == "median":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return {"ndvi": numpy.nanmedian(stack, axis=0)}, None
    if method == "max_ndvi":
        order = numpy.where(numpy.isnan(stack), -numpy.inf, stack).argmax(axis=0)
    else:
        order = len(stack) - 1 - (~numpy.isnan(stack[::-1])).argmax(axis=0)
    values = numpy.take_along_axis(stack, order[None], axis=0)[0]
    return {"ndvi": values}, numpy.where(some, order, -1)


def numbers(properties, name, values, total):
    """Statistics that come out otherwise: of a composite those of the numbers in its file (N47)."""
    published, reach = properties["greenprint:area"]["statistics"][name], REACH.get(name, 1)
    counted = values.astype("float32").astype("float64") if name == "ndvi" else values
    return differences(published, summary(counted, {"total_count": total}, reach), reach=reach)


def days_differ(sources, order, files):
    counts = [int((order == number).sum()) for number in range(len(sources))]
    told = [source.get("pixels") for source in sources]
    problems = [] if counts == told else [f"the days have {counts} pixels, not the published {told}"]
    if "dates" in files:
        days = [(datetime.date.fromisoformat(source["date"]) - EPOCH).days for source in sources]
        with rasterio.open(files["dates"]) as dataset:
            equal = numpy.array_equal(dataset.read(1), numpy.array([*days, NO_DAY])[order])
        problems += [] if equal else [f"{files['dates']} holds other days"]
    return problems


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
