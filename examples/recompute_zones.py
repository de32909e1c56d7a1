#!/usr/bin/env python3
"""Computes the numbers of zones again, from what a series publishes and the band files of its scenes, and compares.

    recompute_zones.py areas.json observations.jsonl <scene>.red=B04.tif <scene>.nir=B08.tif <scene>.qa=SCL.tif …
    recompute_zones.py --ipfs areas.json observations.jsonl

Needs rasterio, numpy, and recompute.py and recompute_joint.py beside it. areas.json and observations.jsonl lie in the
directory of a finished series; the zones.json of a single row does as well. With --ipfs the files that are not given
are got by Kubo, which hashes what it writes. Which files, by which scale and which mask is told by each observation;
what the files say themselves (nodata, masks, the type of their numbers) is taken from them (N1 to N16 of
docs/numbers.md). The zones are those of areas.json, by its SHA-256. Prints what it found as JSON, and ends with 0 where
every zone of every observation has its numbers: counts exactly, the others within 1e-9.
"""

import hashlib
import json
import sys
import tempfile
import warnings

import numpy
import rasterio
from rasterio.enums import MaskFlags

from recompute import differences, in_rings, ndvi, number_of, read, rings_of, sizes, summary
from recompute_joint import files_of, got

#: A corner may lie so far from a pixel's, in pixels, and still be on it.
SNAP = 1e-3
REDUCE = {"mean": numpy.nanmean, "median": numpy.nanmedian, "max": numpy.nanmax}


def main(arguments):
    areas_path, observations_path, *pairs = (argument for argument in arguments if argument != "--ipfs")
    given = dict(pair.split("=", 1) for pair in pairs)
    with open(areas_path, "rb") as file:
        areas = file.read()
    zones = {zone["id"]: zone["geometry"] for zone in json.loads(areas)["zones"]}
    with open(observations_path, encoding="utf8") as file:
        lines = [json.loads(line) for line in file if line.strip()]
    problems, rows = [], 0
    digest, is_got = hashlib.sha256(areas).hexdigest(), "--ipfs" in arguments
    for at, line in enumerate(lines, 1):
        with tempfile.TemporaryDirectory() as folder:
            found = observation(line, zones, digest, given, folder if is_got else None)
        problems += [f"observation {at}: {problem}" for problem in found]
        rows += len(line["rows"])
    told = {"observations": len(lines), "rows": rows, "reproduced": not problems, "differs": problems}
    print(json.dumps(told, indent=2))
    return 1 if problems else 0


def observation(told, zones, digest, given, folder):
    """What is wrong with the rows of one zones.json."""
    if told["request"]["zones"] != digest:
        return [f"its zones are {told['request']['zones']}, and areas.json has the SHA-256 {digest}"]
    inputs = {each["scene"]["id"]: each for each in told["inputs"]}
    files = {**(got(inputs, given, folder) if folder else {}), **given}
    scenes, problems = {}, []
    for role, of_scene in inputs.items():
        own = files_of(role, files)
        problems += sizes(of_scene, own, f"{role}.")
        scenes[role] = opened(of_scene, own, told.get("qa_levels", {}).get(role, 0))
    published = {row["zone"]: row for row in told["rows"]}
    problems += [f"{zone} is none of the zones" for zone in published if zone not in zones]
    for zone, geometry in zones.items():
        row = published.get(zone)
        if row is None:
            # Whatever grid a scene is on: none has a pixel of it.
            reached = [role for role in scenes if count(geometry, {role: scenes[role]}, None)[1]]
            problems += [f"{zone} has no row, and pixels on {role}" for role in reached]
            continue
        on_grid = {role: scenes[role] for role in row["scenes"]}
        computed, _ = count(geometry, on_grid, told["request"]["reduce"])
        problems += [f"{zone}: {line}" for line in wrong(row, computed)]
    return problems


def opened(inputs, files, qa_level):
    """A scene as it is read: by which rules, with the mask of which level, and on which grid."""
    first = numpy.zeros(1, int)
    place = read(files["red"], inputs["red"], 0, first, first)["transform"]
    with rasterio.open(files["red"]) as dataset:
        crs = dataset.crs or rasterio.crs.CRS.from_user_input(inputs["red"]["georeference"]["crs"])
        size = (dataset.height, dataset.width)
    window, rules = {"level": 0, "qa_level": qa_level}, rules_of(inputs, files)
    return {
        "inputs": inputs, "files": files, "rules": rules, "window": window, "place": place, "crs": crs, "size": size
    }


def rules_of(inputs, files):
    """As greenprint:rules of an item: what the inputs say, with what the files say (N5 to N13)."""
    radiometry, product, types, bands = inputs["radiometry"], inputs["product"], {}, {}
    for name in ("red", "nir"):
        with rasterio.open(files[name]) as dataset:
            band = number_of(inputs[name], dataset)
            types[name], nodata = dataset.dtypes[band - 1], dataset.nodata
        is_float = types[name].startswith("float")
        fill = [nodata, inputs[name]["nodata"], None if is_float else product["fill"]]
        saturates = product["saturates"] and types[name] == "uint16"
        # Floats of a product that scales integers hold reflectance already.
        scale = {"scale": 1, "offset": 0} if radiometry["when"] == "integers" and is_float else radiometry[name]
        bands[name] = {
            **scale,
            "fill": [value for value in fill if value is not None and numpy.isfinite(float(value))],
            "saturation": 65535 if saturates else None,
            "file_mask": has_mask(files[name]),
        }
    qa = {"qa": mask_of(inputs["qa"], files["qa"])} if "qa" in inputs else {}
    least = numpy.nextafter(0, 1) if radiometry["applied"] == "none" else 1e-6
    return {**bands, **qa, "minimum_denominator": least, "clip": [-1, 1]}


def mask_of(told, path):
    """As the inputs say, and by the file's own nodata, unless the band means something by that number (N12)."""
    with rasterio.open(path) as dataset:
        nodata = dataset.nodatavals[number_of(told, dataset) - 1]
    masks = nodata is not None and float(nodata).is_integer()
    if masks:
        flags = told["bits"] != 0 or len(told["fields"]) > 0
        meant = [*told["values"], *told["saturated"], *told.get("unmasked", []), *([0] if flags else [])]
        masks = nodata not in meant and told["bits"] & int(nodata) == 0
    values = [*told["values"], *([int(nodata)] if masks else [])]
    return {**told, "values": values, "file_mask": has_mask(path)}


def has_mask(path):
    with rasterio.open(path) as dataset:
        return any(MaskFlags.per_dataset in flags for flags in dataset.mask_flag_enums)


def count(geometry, scenes, reduce):
    """The numbers of a zone on scenes of one grid, and how many of its pixels lie on any of them."""
    base, *others = scenes.values()
    grid, rings = base["place"], rings_of(geometry, base["crs"], base["place"].c)
    for other in others:
        apart = [(other["place"].c - grid.c) / grid.a, (other["place"].f - grid.f) / grid.e]
        if other["crs"] != base["crs"] or any(abs(by - round(by)) > SNAP for by in apart):
            sys.exit("the scenes of a row are not on one grid")
    points = numpy.concatenate([numpy.array(ring) for ring in rings])
    (left, top), (right, bottom) = (
        [int(edge(line)) for line in ((points[:, 0] - grid.c) / grid.a, (points[:, 1] - grid.f) / grid.e)]
        for edge in (lambda places: numpy.floor(places.min()), lambda places: numpy.ceil(places.max()))
    )
    shape = (max(1, bottom - top), max(1, right - left))
    around = rasterio.Affine(grid.a, 0, grid.c + left * grid.a, 0, grid.e, grid.f + top * grid.e)
    inside = in_rings(rings, around, shape)
    reached, observations = numpy.zeros(shape, bool), {}
    for scene in scenes.values():
        values, covers = on_zone(scene, grid, (top, left), shape)
        reached |= covers
        number = scene["inputs"]["observation"]
        earlier = observations.get(number)
        observations[number] = values if earlier is None else numpy.where(numpy.isnan(earlier), values, earlier)
    values = next(iter(observations.values()))
    if len(observations) > 1:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values = REDUCE[reduce](numpy.stack(list(observations.values())), axis=0)
    values = numpy.where(inside, values, numpy.nan)
    return summary(values, {"total_count": int(inside.sum())}), int((inside & reached).sum())


def on_zone(scene, grid, corner, shape):
    """A scene's NDVI on the pixels around a zone, and which of them it has."""
    values, covers, parts = numpy.full(shape, numpy.nan), numpy.zeros(shape, bool), []
    place = scene["place"]
    for at, shift in ((0, (place.f - grid.f) / grid.e), (1, (place.c - grid.c) / grid.a)):
        own = numpy.arange(corner[at], corner[at] + shape[at]) - round(shift)
        parts.append((numpy.flatnonzero((own >= 0) & (own < scene["size"][at])), own))
    rows, cols = (own[here] for here, own in parts)
    if len(rows) == 0 or len(cols) == 0:
        return values, covers
    everywhere = numpy.ones((len(rows), len(cols)), bool)
    told = (scene[name] for name in ("rules", "window", "inputs", "files"))
    computed, _ = ndvi(*told, rows, cols, everywhere)
    at = numpy.ix_(*(here for here, _ in parts))
    values[at], covers[at] = computed, True
    return values, covers


def wrong(row, computed):
    """Numbers of a row that come out otherwise."""
    names = {"2": "p2", "25": "p25", "50": "median", "75": "p75", "98": "p98"}
    valid = computed["valid_count"]
    counts = {name: computed[name] for name in ("valid_count", "total_count")}
    if valid == 0:
        told = [name for name in ("mean", "stddev", "minimum", "maximum", *names.values()) if row[name] is not None]
        return differences(row, counts) + [f"{name} is {row[name]}, and no pixel has a value" for name in told]
    numbers = {name: computed[name] for name in ("mean", "stddev", "minimum", "maximum")}
    percentiles = {key: row[name] for key, name in names.items()}
    return differences(
        {**row, "percentiles": percentiles}, {**counts, **numbers, "percentiles": computed["percentiles"]}
    )


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
