"""Makes GeoTIFFs cloud optimized, in place: /usr/bin/python3 tile_files.py <file>…"""

import os
import sys

import rasterio.shutil

for path in sys.argv[1:]:
    rasterio.shutil.copy(path, path + ".cog", driver="COG", compress="deflate", blocksize=512)
    os.replace(path + ".cog", path)
