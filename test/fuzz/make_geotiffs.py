# Long: one script, run by itself, that makes files and reads them back.
"""Random GeoTIFFs by GDAL, and what rasterio reads of each: /usr/bin/python3 make_geotiffs.py <folder> <seed> <count>

Writes <folder>/<n>.tif and prints one JSON line a file: how it was made, which band is read, its type, transform, and
per level the size, the SHA-256 of the pixels (little-endian, one NaN) and of the fill: 1 where a mask of the file, its
alpha band or nodata says that there is no observation, or where the pixel is not finite. That union is made here of
the bands one by one, for where several say it GDAL lets one win.
"""

import hashlib
import json
import os
import random
import signal
import struct
import sys
import warnings

import numpy
import rasterio
from osgeo import gdal, osr

warnings.filterwarnings("ignore")
gdal.UseExceptions()
gdal.PushErrorHandler("CPLQuietErrorHandler")
gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")

TYPES = {
    "uint8": gdal.GDT_Byte,
    "int8": gdal.GDT_Byte,
    "uint16": gdal.GDT_UInt16,
    "int16": gdal.GDT_Int16,
    "uint32": gdal.GDT_UInt32,
    "int32": gdal.GDT_Int32,
    "uint64": gdal.GDT_UInt64,
    "int64": gdal.GDT_Int64,
    "float32": gdal.GDT_Float32,
    "float64": gdal.GDT_Float64,
    "complex64": gdal.GDT_CFloat32,
}
COMMON = ["NONE", "LZW", "PACKBITS", "DEFLATE", "DEFLATE", "ZSTD"]
RARE = ["LERC", "LERC_DEFLATE", "LERC_ZSTD", "LZMA", "JPEG", "WEBP", "CCITTFAX4", "CCITTRLE"]
PLACES = ["scale", "scale", "scale", "point", "matrix", "south-up", "shear", "negative scale", "contradiction",
          "tie inside"]
REFUSED_PLACES = ["rotated", "mirrored", "none"]
FLOAT_NODATA = ["nan", "NaN", "-nan", "1e20", "9.96921e36", "0.1", "-3.4028234663852886e+38", "-3.4e38", "inf", "-inf",
                "0", "1e39", "-9999", "0,5", " 7 ", "1.#QNAN", "5abc", "abc", ""]
INTEGER_NODATA = ["0", "1", "7", "255", "-1", "65535", "-32768", "-9999", "0.5", "1.9", "nan", "5,5", "0x10", " 3 ",
                  "1e2", "300", "65536", "abc", "", "-0"]


def values_of(rng, dtype, bits, shape):
    """Pixels with repeats, so that nodata, masks and compressions all have something to do."""
    if dtype.startswith("complex"):
        return rng.integers(0, 9, shape).astype(dtype)
    if dtype.startswith("float"):
        values = rng.choice([0, 0.1, 0.5, 1, 5, 7, 1e20, 9.96921e36, -9999, 100], shape)
        values = numpy.where(rng.random(shape) < 0.6, rng.normal(0.3, 1, shape), values).astype(dtype)
        if bits is None:
            kind = numpy.finfo(dtype)
            special = numpy.array([numpy.nan, numpy.inf, -numpy.inf, kind.min, kind.max, -3.4e38], dtype)
            values = numpy.where(rng.random(shape) < 0.1, rng.choice(special, shape), values)
        return values
    info = numpy.iinfo(dtype)
    most = min(int(info.max), 2**53) if bits is None else 2**bits - 1
    least = max(int(info.min), -(2**53))
    some = [v for v in (0, 1, 5, 7, 16, 100, 255, 65535, -1, -9999, -32768, most, least) if least <= v <= most]
    wide = rng.integers(least, most, shape, endpoint=True)
    near = rng.integers(max(0, least), min(most, 300), shape, endpoint=True)
    values = numpy.where(rng.random(shape) < 0.3, wide, near)
    return numpy.where(rng.random(shape) < 0.3, rng.choice(numpy.array(some), shape), values).astype(dtype)


def plan(rng):
    """How a file is made; not all of it is possible."""
    dtype = rng.choice(["uint8", "uint16", "uint16", "int16", "float32", "float32", *TYPES])
    bits = None
    if rng.random() < 0.2:
        bits = {"uint8": rng.randint(1, 7), "uint16": rng.randint(9, 15), "uint32": rng.randint(17, 31),
                "float32": 16}.get(dtype)
    count = rng.choice([1, 1, 1, 2, 3, 4])
    compress = rng.choice(COMMON if rng.random() < 0.8 else RARE)
    if compress == "WEBP":
        dtype, bits, count = "uint8", None, rng.choice([3, 4])
    if compress.startswith("CCITT"):
        dtype, bits, count = "uint8", 1, 1
    if compress == "JPEG":
        dtype, bits = "uint8", None
    floats = dtype.startswith("float")
    # GDAL 3.6 does not end when it averages 64-bit integers.
    overviews = [[]] if dtype in ("int64", "uint64") else [[], [], [2], [2, 4]]
    return {
        "dtype": dtype,
        "bits": bits,
        "size": [rng.randint(1, 150), rng.randint(1, 150)],
        "count": count,
        "compress": compress,
        "predictor": rng.choice([1, 2, 3] if floats else [1, 2]),
        "tile": [16 * rng.randint(1, 8), 16 * rng.randint(1, 8)] if rng.random() < 0.6 else None,
        "strip": 8 * rng.randint(1, 20) if compress == "JPEG" else rng.randint(1, 160),
        "planes": "PIXEL" if compress == "WEBP" else rng.choice(["PIXEL", "BAND"]),
        "mask": rng.random() < 0.3,
        "alpha": rng.choice(["YES", "PREMULTIPLIED", "UNSPECIFIED"]) if count > 1 and rng.random() < 0.5 else None,
        "photometric": rng.choice(["MINISWHITE", "RGB", "CIELAB"]) if rng.random() < 0.1 else None,
        "nodata": rng.choice(FLOAT_NODATA if floats else INTEGER_NODATA) if rng.random() < 0.6 else None,
        "place": rng.choice(PLACES if rng.random() < 0.92 else REFUSED_PLACES),
        "epsg": rng.choice([32631, 32631, 4326, 3031, None]),
        "overviews": rng.choice(overviews),
        "resampling": rng.choice(["AVERAGE", "NEAREST"]),
        "big": rng.random() < 0.2,
        "endian": rng.choice(["LITTLE", "LITTLE", "BIG"]),
        # What an unwritten tile of int8 holds has changed since GDAL 3.6, which has no such type.
        "sparse": dtype != "int8" and rng.random() < 0.15,
        "driver": "COG" if rng.random() < 0.1 else "GTiff",
        "edit": rng.choice(["no counts", "few counts", "strip tags", "signed"]) if rng.random() < 0.1 else None,
    }


def transform_of(place, epsg):
    size = 1e-4 if epsg == 4326 else 10.0
    x, y = (5.0, 48.0) if epsg == 4326 else (500000.0, 5400000.0)
    return {
        "matrix": (x, size, 0, y, 0, -size / 2),
        "south-up": (x, size, 0, y, 0, size),
        "shear": (x, size, 1e-13 * size, y, -1e-13 * size, -size),
        "rotated": (x, size, size / 4, y, size / 4, -size),
        "mirrored": (x, -size, 0, y, 0, -size),
        "none": None,
    }.get(place, (x, size, 0, y, 0, -size))


def write(path, how, rng):
    rows, cols = how["size"]
    numbers = numpy.random.default_rng(rng.randint(0, 2**31))
    options = [f"COMPRESS={how['compress']}", f"INTERLEAVE={how['planes']}", f"ENDIANNESS={how['endian']}"]
    if how["predictor"] > 1:
        options.append(f"PREDICTOR={how['predictor']}")
    if how["bits"] is not None:
        options.append(f"NBITS={how['bits']}")
    if how["dtype"] == "int8":
        options.append("PIXELTYPE=SIGNEDBYTE")
    if how["tile"] is None:
        options.append(f"BLOCKYSIZE={how['strip']}")
    else:
        options += ["TILED=YES", f"BLOCKXSIZE={how['tile'][0]}", f"BLOCKYSIZE={how['tile'][1]}"]
    if how["big"]:
        options.append("BIGTIFF=YES")
    if how["sparse"]:
        options.append("SPARSE_OK=TRUE")
    if how["alpha"] is not None:
        options.append(f"ALPHA={how['alpha']}")
    if how["photometric"] is not None:
        options.append(f"PHOTOMETRIC={how['photometric']}")
    driver = gdal.GetDriverByName("GTiff")
    target = path if how["driver"] == "GTiff" else path + ".source.tif"
    file = driver.Create(target, cols, rows, how["count"], TYPES[how["dtype"]], options)
    transform = transform_of(how["place"], how["epsg"])
    if transform is not None:
        file.SetGeoTransform(transform)
    if how["epsg"] is not None:
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(how["epsg"])
        file.SetProjection(reference.ExportToWkt())
    if how["place"] == "point":
        file.SetMetadataItem("AREA_OR_POINT", "Point")
    if how["nodata"] is not None:
        file.GetRasterBand(1).SetNoDataValue(5)
    for index in range(how["count"]):
        values = values_of(numbers, how["dtype"], how["bits"], (rows, cols))
        if how["compress"].startswith("LERC") and values.dtype.kind == "f":
            # GDAL's encoder does not end on infinities and extreme ranges.
            values = numpy.where(numpy.abs(values) < 1e6, values, values.dtype.type(numpy.nan))
        if how["alpha"] is not None and index + 1 == how["count"]:
            values = numpy.where(numbers.random((rows, cols)) < 0.3, 0, values)
        if how["dtype"] == "int8":
            values = values.view("uint8")
        part = (slice(0, min(rows, 20)), slice(0, min(cols, 20))) if how["sparse"] else (slice(None), slice(None))
        file.GetRasterBand(index + 1).WriteArray(numpy.ascontiguousarray(values[part]))
    if how["mask"]:
        file.CreateMaskBand(gdal.GMF_PER_DATASET)
        mask = numpy.where(numbers.random((rows, cols)) < 0.7, 255, 0).astype("uint8")
        file.GetRasterBand(1).GetMaskBand().WriteArray(mask)
    file.FlushCache()
    file = None
    if how["driver"] == "COG":
        source = gdal.Open(target)
        cog = [f"COMPRESS={how['compress']}", "BLOCKSIZE=128", f"BIGTIFF={'YES' if how['big'] else 'NO'}"]
        gdal.GetDriverByName("COG").CreateCopy(path, source, options=cog)
        source = None
        os.remove(target)
    elif how["overviews"]:
        file = gdal.Open(path, gdal.GA_Update)
        file.BuildOverviews(how["resampling"], how["overviews"])
        file = None


class Directory:
    """A directory of a TIFF, whose entries may be set; it is written anew at the end of the file."""

    SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 12: 8, 16: 8, 17: 8}

    def __init__(self, path, number=0):
        self.path = path
        self.bytes = bytearray(open(path, "rb").read())
        self.order = "<" if self.bytes[:1] == b"I" else ">"
        self.big = 43 in self.bytes[2:4]
        self.word = "Q" if self.big else "I"
        self.link = 8 if self.big else 4
        for _ in range(number + 1):
            (start,) = self.unpack(self.word, self.link)
            (count,) = self.unpack("Q" if self.big else "H", start)
            first, size = (start + 8, 20) if self.big else (start + 2, 12)
            before, self.link = self.link, first + count * size
        self.entries = {}
        for at in range(first, first + count * size, size):
            tag, kind = self.unpack("HH", at)
            self.entries[tag] = (kind, bytes(self.bytes[at + 4 : at + size]))
        (self.next,) = self.unpack(self.word, self.link)
        self.link = before

    def unpack(self, form, at):
        return struct.unpack_from(self.order + form, self.bytes, at)

    def set(self, tag, kind, content, count):
        width = 8 if self.big else 4
        if len(content) > width:
            if len(self.bytes) % 2:
                self.bytes += b"\0"
            at = len(self.bytes)
            self.bytes += content
            content = struct.pack(self.order + self.word, at)
        self.entries[tag] = (kind, struct.pack(self.order + self.word, count) + content.ljust(width, b"\0"))

    def doubles(self, tag, values):
        self.set(tag, 12, struct.pack(f"{self.order}{len(values)}d", *values), len(values))

    def text(self, tag, text):
        content = text.encode() + b"\0"
        self.set(tag, 2, content, len(content))

    def count_of(self, tag):
        return struct.unpack_from(self.order + self.word, self.entries[tag][1])[0]

    def save(self):
        if len(self.bytes) % 2:
            self.bytes += b"\0"
        start = len(self.bytes)
        self.bytes += struct.pack(self.order + ("Q" if self.big else "H"), len(self.entries))
        for tag, (kind, rest) in sorted(self.entries.items()):
            self.bytes += struct.pack(self.order + "HH", tag, kind) + rest
        self.bytes += struct.pack(self.order + self.word, self.next)
        struct.pack_into(self.order + self.word, self.bytes, self.link, start)
        open(self.path, "wb").write(self.bytes)


def edit(path, how):
    """Tags as other writers leave them: texts of nodata, georeferences that contradict themselves, tables cut short."""
    number, follows = 0, how["nodata"] is not None
    while follows:
        directory = Directory(path, number)
        number, follows = number + 1, directory.next != 0
        if 42113 in directory.entries:
            directory.text(42113, how["nodata"])
            directory.save()
    directory = Directory(path)
    if how["place"] == "negative scale" and 33550 in directory.entries:
        directory.doubles(33550, [10.0, -10.0, 0.0])
    if how["place"] == "contradiction":
        directory.doubles(34264, [7, 0, 0, 123, 0, -7, 0, 456, 0, 0, 0, 0, 0, 0, 0, 1])
    if how["place"] == "tie inside" and 33922 in directory.entries:
        directory.doubles(33922, [3.5, 2, 0, 500000, 5400000, 0])
    offsets, counts = (324, 325) if 324 in directory.entries else (273, 279)
    if how["edit"] == "no counts":
        del directory.entries[counts]
    if how["edit"] == "few counts" and directory.count_of(counts) > 1 and directory.entries[counts][0] in (3, 4):
        kind, rest = directory.entries[counts]
        width = Directory.SIZES[kind] * directory.count_of(counts)
        if width > (8 if directory.big else 4):
            shorter = struct.pack(directory.order + directory.word, directory.count_of(counts) - 1)
            if width - Directory.SIZES[kind] > (8 if directory.big else 4):
                directory.entries[counts] = (kind, shorter + rest[len(shorter) :])
    if how["edit"] == "strip tags" and offsets == 324:
        directory.entries[273] = directory.entries.pop(324)
        directory.entries[279] = directory.entries.pop(325)
    if how["edit"] == "signed" and directory.entries[offsets][0] == 16:
        directory.entries[offsets] = (17, directory.entries[offsets][1])
    directory.save()


def nodata_of(values, nodata):
    """What GDAL's nodata mask leaves out, in the type of the pixels."""
    if nodata is None or values.dtype.kind == "c":
        return numpy.zeros(values.shape, bool)
    if values.dtype.kind in "iu":
        info = numpy.iinfo(values.dtype)
        if not info.min <= nodata <= info.max:
            return numpy.zeros(values.shape, bool)
        return values == values.dtype.type(int(nodata))
    kind = values.dtype.type
    with numpy.errstate(all="ignore"):
        wanted = kind(nodata)
        if numpy.isnan(wanted):
            return numpy.isnan(values)
        near = numpy.abs(values - wanted) < numpy.abs(values + wanted) * kind(2.0**-22)
        return (values == wanted) | near


def level_of(path, number, how, index):
    """Pixels and fill of one level, north-up."""
    options = {} if index is None else {"OVERVIEW_LEVEL": index}
    file = gdal.OpenEx(path, open_options=[f"{key}={value}" for key, value in options.items()])
    band = file.GetRasterBand(number)
    values = band.ReadAsArray()
    if how["dtype"] == "int8":
        values = values.view("int8")
    # Opened by OVERVIEW_LEVEL, GDAL 3.6 forgets the nodata of 64-bit integers.
    forgets = how["dtype"] in ("int64", "uint64") and index is not None
    nodata = (gdal.Open(path).GetRasterBand(number) if forgets else band).GetNoDataValue()
    fill = nodata_of(values, nodata)
    flags = band.GetMaskFlags()
    if flags == gdal.GMF_NODATA and how["dtype"] not in ("int8", "int64", "uint64", "complex64"):
        assert (fill == (band.GetMaskBand().ReadAsArray() == 0)).all(), ("nodata", nodata, how)
    if how["mask"]:
        assert flags == gdal.GMF_PER_DATASET, (flags, how)
        fill |= band.GetMaskBand().ReadAsArray() == 0
    for other in range(1, file.RasterCount + 1):
        candidate = file.GetRasterBand(other)
        if candidate.GetColorInterpretation() == gdal.GCI_AlphaBand:
            fill |= candidate.ReadAsArray() == 0
    if values.dtype.kind in "fc":
        fill |= ~numpy.isfinite(values)
    if file.GetGeoTransform()[5] > 0:
        values, fill = values[::-1], fill[::-1]
    with rasterio.open(path, **options) as again:
        pixels = again.read(number)
        if file.GetGeoTransform()[5] > 0:
            pixels = pixels[::-1]
        assert pixels.tobytes() == values.astype(pixels.dtype).tobytes() or values.dtype.kind == "f", how
    if values.dtype.kind == "f":
        values = numpy.where(numpy.isnan(values), values.dtype.type(numpy.nan), values)
    if values.dtype.itemsize == 8 and values.dtype.kind in "iu":
        values = values.astype("float64")
    little = numpy.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"))
    return {
        "size": [values.shape[1], values.shape[0]],
        "pixels": hashlib.sha256(little.tobytes()).hexdigest(),
        "fill": hashlib.sha256(numpy.ascontiguousarray(fill).astype("uint8").tobytes()).hexdigest(),
        "filled": int(fill.sum()),
    }


def read(path, how, rng):
    """What rasterio and GDAL say of a file."""
    file = gdal.Open(path)
    alpha = [
        number
        for number in range(1, file.RasterCount + 1)
        if file.GetRasterBand(number).GetColorInterpretation() == gdal.GCI_AlphaBand
    ]
    bands = [number for number in range(1, file.RasterCount + 1) if number not in alpha]
    number = rng.choice(bands or [1])
    overviews = file.GetRasterBand(number).GetOverviewCount()
    transform = file.GetGeoTransform(can_return_null=True)
    reference = file.GetSpatialRef()
    code = reference and reference.GetAuthorityCode(None)
    if transform is not None and transform[5] > 0:
        transform = (*transform[:3], transform[3] + transform[5] * file.RasterYSize, 0.0, -transform[5])
    file = None
    return {
        "band": None if len(bands) == 1 and rng.random() < 0.5 else number,
        "crs": code and f"EPSG:{code}",
        "transform": transform and [transform[index] for index in (1, 2, 0, 4, 5, 3)],
        "levels": [level_of(path, number, how, index) for index in (None, *range(overviews))],
    }


def make(path, name, seed):
    """Makes one file, and the line about it; None where GDAL itself refuses to write it."""
    rng = random.Random(seed)
    how = plan(rng)
    try:
        write(path, how, rng)
    except RuntimeError:
        return None
    edit(path, how)
    try:
        said = read(path, how, rng)
    except (RuntimeError, rasterio.errors.RasterioError) as error:
        said = {"unread": str(error)[:200]}
    return json.dumps({"file": name, "how": how, **said})


# Seconds after which GDAL is taken to be in a loop, as it is in some of its encoders.
PATIENCE = 30


def apart(work):
    """What a function gives, computed in a process of its own: some combinations are the end of GDAL."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        signal.alarm(PATIENCE)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        code = 0
        try:
            os.write(writing, (work() or "").encode())
        except AssertionError as error:
            os.write(writing, f"assertion: {error}".encode())
            code = 1
        os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        line = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 1:
        sys.exit(line or "a file could not be made or read; run it alone to see why")
    return line if os.WIFEXITED(status) else ""


def main():
    folder, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    made = tried = 0
    while made < count:
        name, tried = f"{made}.tif", tried + 1
        path = os.path.join(folder, name)
        line = apart(lambda: make(path, name, seed * 1_000_003 + tried))
        for rest in (".source.tif", ".msk", ".ovr", ".aux.xml", "" if line == "" else ".none"):
            if os.path.exists(path + rest):
                os.remove(path + rest)
        if line == "":
            continue
        print(line, flush=True)
        made += 1
    print(json.dumps({"gdal": gdal.__version__, "rasterio": rasterio.__version__, "tried": tried}))


if __name__ == "__main__":
    main()
