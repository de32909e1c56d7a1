#!/usr/bin/env python3
# Long: a scene from its files to its numbers, in one file for whoever needs no other.
"""Computes the NDVI of a published item again, from the item and the band files, and compares.

    recompute.py item.json red=B04.tif nir=B08.tif [qa=SCL.tif] [cog=ndvi.tif]

Needs rasterio and numpy, and nothing of Greenprint. Every number comes from the item: greenprint:rules (what a pixel
goes through), greenprint:window (which pixels were read), greenprint:request (an asked polygon). The files are those
that greenprint:inputs names: `ipfs get <cid>` hashes what it writes. Prints what it found as JSON, and ends with 0
where the float32 pixels have the SHA-256 of the item (greenprint:pixels) and the statistics agree within 1e-9.
docs/verify.md tells the rest, docs/numbers.md the rules by their numbers. recompute_joint.py and recompute_zones.py
beside it do what is of several scenes.
"""

import hashlib
import json
import os
import sys

import numpy
import rasterio
import rasterio.features
import rasterio.warp

#: Of everything but percentiles of more than MANY pixels, which are published from 65,536 bins (N22).
TOLERANCE = 1e-9
MANY = 4_194_304
BIN = 3.1e-5
#: A centre so near to the edge of two pixels of the quality band, in pixels, belongs to the later one (N14).
EDGE = 1e-6
#: Floats that differ by less of their sum are one, as in GDAL's masks (N11).
NEAR = 2.0**-22
#: Points between two positions of a polygon, and degrees between two points at most (N19).
BETWEEN, STEP = 21, 0.02


def main(arguments):
    item_path, files = arguments[0], dict(argument.split("=", 1) for argument in arguments[1:])
    with open(item_path, encoding="utf8") as file:
        item = json.load(file)
    properties = item["properties"]
    if "greenprint:kind" in properties:
        kind = properties["greenprint:kind"]
        sys.exit(f"a {kind} is of several scenes: recompute_joint.py does it, as POST /verify does")
    problems = sizes(properties["greenprint:inputs"], files)
    values, counts = compute(properties, files)
    digest, other = digests(values, properties.get("greenprint:pixels", {}))
    problems += other
    if "cog" in files:
        problems += same_file(files["cog"], [values])
    problems += differences(properties["greenprint:area"]["statistics"], summary(values, counts))
    print(json.dumps({"id": item["id"], "sha256": digest, "reproduced": not problems, "differs": problems}, indent=2))
    return 1 if problems else 0


def digests(values, told):
    """The SHA-256 of the float32 pixels, and what is wrong with it."""
    pixels = values.astype("<f4")
    pixels[numpy.isnan(values)] = numpy.nan
    digest, published = hashlib.sha256(pixels.tobytes()).hexdigest(), told.get("sha256")
    if published is None:
        return digest, ["the item has no greenprint:pixels: its pixels cannot be compared by their digest"]
    if published != digest:
        return digest, [f"the pixels have the SHA-256 {digest}, not the published {published}"]
    return digest, []


def sizes(inputs, files, prefix=""):
    """The files that are not as long as the item says, which are others."""
    told = {name: inputs[name].get("size") for name in ("red", "nir", "qa") if name in inputs}
    missing = [name for name in told if name not in files]
    if missing:
        wanted = " ".join(f"{prefix}{name}=FILE" for name in missing)
        sys.exit(f"the result was made of {', '.join(told)}: give {wanted}")
    return [
        f"{files[name]} has {os.path.getsize(files[name])} bytes, not the {size} of {inputs[name].get('cid')}"
        for name, size in told.items()
        if size is not None and os.path.getsize(files[name]) != size
    ]


def compute(properties, files):
    rules, window, inputs = (properties[f"greenprint:{name}"] for name in ("rules", "window", "inputs"))
    rows, cols = (picked(window[at], window[size], window["step"]) for at, size in (("row", "rows"), ("col", "cols")))
    return ndvi(rules, window, inputs, files, rows, cols, in_polygon(properties))


def ndvi(rules, window, inputs, files, rows, cols, inside):
    """NDVI of a scene in double, NaN where there is none, and how many pixels went which way."""
    red, nir = (read(files[name], inputs[name], window["level"], rows, cols) for name in ("red", "nir"))
    fill = is_fill(red, rules["red"]) | is_fill(nir, rules["nir"])
    masked, saturated = quality(files, rules, inputs, window, red["transform"], rows, cols)
    for band, of_band in ((red, rules["red"]), (nir, rules["nir"])):
        if of_band["saturation"] is not None:
            saturated = saturated | (band["numbers"] == of_band["saturation"])
    scaled = [
        band["numbers"].astype("float64") * of_band["scale"] + of_band["offset"]
        for band, of_band in ((red, rules["red"]), (nir, rules["nir"]))
    ]
    with numpy.errstate(all="ignore"):
        total = scaled[1] + scaled[0]
        values = (scaled[1] - scaled[0]) / total
        small = ~(total >= rules["minimum_denominator"])
    low, high = rules["clip"]
    counts, left = {}, inside
    for name, reason in (("fill", fill), ("saturation", saturated), ("mask", masked), ("denominator", small)):
        counts[name] = int((left & reason).sum())
        left = left & ~reason
    clipped = int((left & ((values < low) | (values > high))).sum())
    return numpy.where(left, values.clip(low, high), numpy.nan), {
        "total_count": int(inside.sum()),
        "invalid": counts,
        "clipped_count": clipped,
    }


def picked(first, count, step):
    """Of `count` rows every `step`th, from the middle of the first step (N17)."""
    return first + numpy.minimum(numpy.arange(-(-count // step)) * step + step // 2, count - 1)


def read(path, told, level, rows, cols):
    """Numbers of a band at rows and columns of a level, from north to south as results are, what its own mask leaves
    out, and where the level lies."""
    with rasterio.open(path) as whole:
        full, size = whole.transform, (whole.height, whole.width)
        georeference = told.get("georeference") or {}
        if full.is_identity and georeference.get("transform"):
            full = rasterio.Affine(*georeference["transform"])
    with rasterio.open(path, **({} if level == 0 else {"OVERVIEW_LEVEL": level - 1})) as dataset:
        band = number_of(told, dataset)
        scale = rasterio.Affine.scale(size[1] / dataset.width, size[0] / dataset.height)
        place = full * scale
        if full.e > 0:
            # Its rows go from south to north.
            rows = dataset.height - 1 - rows
            place = rasterio.Affine(place.a, 0, place.c, 0, -place.e, place.f + place.e * dataset.height)
        # A part of the file alone, where it is large.
        top, left = int(rows.min()), int(cols.min())
        part = ((top, int(rows.max()) + 1), (left, int(cols.max()) + 1))
        at = numpy.ix_(rows - top, cols - left)
        kept = dataset.read_masks(band, window=part)[at] != 0
        for alpha in (i for i, kind in enumerate(dataset.colorinterp, 1) if kind.name == "alpha" and i != band):
            kept &= dataset.read(alpha, window=part)[at] != 0
        return {"numbers": dataset.read(band, window=part)[at], "kept": kept, "transform": place}


def number_of(told, dataset):
    """Of the band that is read, from 1: the item has its number or, where only the file names it, its description."""
    band = told.get("band") or 1
    if not isinstance(band, str):
        return band
    names = [name or "" for name in dataset.descriptions]
    exact = [at for at, name in enumerate(names, 1) if name == band]
    return (exact or [at for at, name in enumerate(names, 1) if name.lower() == band.lower()])[0]


def is_fill(band, rules):
    """No observation: by number, by what is no number, and by the file's own mask where the item says it has one."""
    numbers = band["numbers"]
    fill = ~band["kept"] if rules.get("file_mask") else numpy.zeros(numbers.shape, bool)
    if numbers.dtype.kind == "f":
        fill |= ~numpy.isfinite(numbers)
    for value in (value for value in rules["fill"] if not isinstance(value, str)):
        if numbers.dtype.kind == "f":
            value = numbers.dtype.type(value)
            near = numpy.abs(numbers.astype("float64") - float(value)) < numpy.abs(
                (numbers + value).astype("float64")
            ) * NEAR
            fill |= (numbers == value) | near
        else:
            fill |= numbers == int(value)
    return fill


def quality(files, rules, inputs, window, transform, rows, cols):
    """Which pixels the quality band masks, and which it calls saturated, at the centres of the bands' pixels (N14)."""
    shape = (len(rows), len(cols))
    if "qa" not in rules:
        return numpy.zeros(shape, bool), numpy.zeros(shape, bool)
    told, level = inputs["qa"], window.get("qa_level", 0)
    corner = numpy.zeros(1, int)
    place = read(files["qa"], told, level, corner, corner)["transform"]
    with rasterio.open(files["qa"], **({} if level == 0 else {"OVERVIEW_LEVEL": level - 1})) as dataset:
        height, width = dataset.height, dataset.width
    at_rows = numpy.floor((transform.f + (rows + 0.5) * transform.e - place.f) / place.e + EDGE).astype(int)
    at_cols = numpy.floor((transform.c + (cols + 0.5) * transform.a - place.c) / place.a + EDGE).astype(int)
    reached = numpy.logical_and.outer((at_rows >= 0) & (at_rows < height), (at_cols >= 0) & (at_cols < width))
    band = read(files["qa"], told, level, at_rows.clip(0, height - 1), at_cols.clip(0, width - 1))
    numbers, of = band["numbers"].astype("int64") & 0xFFFF, rules["qa"]
    masked = ((numbers & of["bits"]) != 0) | numpy.isin(numbers, [value & 0xFFFF for value in of["values"]])
    for field in of["fields"]:
        masked |= numpy.isin((numbers >> field["offset"]) & (2 ** field["length"] - 1), field["values"])
    saturated = numpy.isin(numbers, of["saturated"]) & ~masked
    unknown = ~reached | (~band["kept"] if of.get("file_mask") else False)
    return masked | unknown, saturated & ~unknown


def in_polygon(properties):
    """Which pixels have their centre in the asked polygon; all where none was asked."""
    shape, geometry = properties["proj:shape"], properties["greenprint:request"].get("geometry")
    if geometry is None:
        return numpy.ones(shape, bool)
    crs = rasterio.crs.CRS.from_user_input(properties.get("proj:code") or properties["proj:wkt2"])
    grid = rasterio.Affine(*properties["proj:transform"])
    return in_rings(rings_of(geometry, crs, grid.c + grid.a * shape[1] / 2), grid, shape)


def in_rings(rings, grid, shape):
    """Which pixels of a grid have their centre in a polygon (N19)."""
    # All rings as one polygon: GDAL fills by the even-odd rule, whichever is a hole of which.
    return rasterio.features.geometry_mask(
        [{"type": "Polygon", "coordinates": rings}], shape, grid, all_touched=False, invert=True
    )


def rings_of(geometry, crs, middle):
    """Rings of a polygon in a CRS, densified and closed: where longitudes come again, on the turn that is nearest."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    turn, rings = turn_of(crs), []
    for ring in (ring for polygon in polygons for ring in polygon):
        xs, ys = rasterio.warp.transform("EPSG:4326", crs, *zip(*densified(ring)))
        if turn:
            turns = round((middle - sum(xs) / len(xs)) / turn)
            xs = [x + turn * turns for x in xs]
        rings.append([*zip(xs, ys), (xs[0], ys[0])])
    return rings


def turn_of(crs):
    """How much of x goes once around the globe, in degrees or on a cylindrical map around Greenwich; 0 on others."""
    lons, lats = [-180, 0, 180] * 2, [0, 0, 0, 40, 40, 40]
    try:
        xs = rasterio.warp.transform("EPSG:4326", crs, lons, lats)[0]
    except Exception:  # GDAL has no place for one of them, and no one class for its faults.
        return 0
    steps = numpy.diff(xs)
    if not (numpy.isfinite(xs).all() and steps[0] > 0):
        return 0
    straight = numpy.allclose(xs[:3], xs[3:], rtol=1e-9, atol=1e-9 * steps[0])
    return 2 * steps[0] if straight and numpy.isclose(steps[0], steps[1], rtol=1e-9) else 0


def densified(ring):
    points = []
    for (x, y), (to_x, to_y) in zip(ring[:-1], ring[1:]):
        steps = max(BETWEEN + 1, int(numpy.ceil(max(abs(to_x - x), abs(to_y - y)) / STEP)))
        points += [(x + (to_x - x) * i / steps, y + (to_y - y) * i / steps) for i in range(steps)]
    return points


def summary(values, counts, reach=1):
    """As the item tells them, of values from -reach to reach."""
    valid = values[~numpy.isnan(values)]
    total = counts["total_count"]
    told = {**counts, "valid_count": valid.size, "valid_percent": 100 * valid.size / total if total else 0}
    if valid.size == 0:
        return told
    names = ("2", "25", "50", "75", "98")
    return {
        **told,
        "mean": valid.mean(),
        "stddev": valid.std(),
        "minimum": valid.min(),
        "maximum": valid.max(),
        "percentiles": dict(zip(names, numpy.percentile(valid, [float(name) for name in names]))),
        "histogram": {"counts": numpy.histogram(valid, bins=40, range=(-reach, reach))[0].tolist()},
    }


def differences(published, computed, name="", bin_width=0.0, reach=1):
    """Every number that is published and comes out otherwise."""
    found = []
    if computed.get("valid_count", 0) > MANY:
        bin_width = BIN * reach
    for key, value in computed.items():
        told, path = published.get(key), f"{name}{key}"
        if isinstance(value, dict):
            found += differences(told or {}, value, f"{path}.", bin_width)
        elif isinstance(value, list):
            if told != value:
                found.append(f"{path} are {value}, not the published {told}")
        else:
            tolerance = bin_width if bin_width and name == "percentiles." else TOLERANCE * max(1, abs(told or 0))
            if told is None or abs(value - told) > tolerance:
                found.append(f"{path} is {value}, not the published {told}")
    return found


def same_file(path, bands):
    with rasterio.open(path) as dataset:
        equal = numpy.array_equal(dataset.read(), numpy.stack(bands).astype("float32"), equal_nan=True)
    return [] if equal else [f"{path} holds other pixels"]


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
