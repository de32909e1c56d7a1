"""STAC items by pystac and stac-validator, without a network: one item a line in, one JSON list of faults a line out.

pystac and stac-validator bring the schemas of STAC itself; those of the extensions are in `schemas` beside this file.
"""

import json
import logging
import pathlib
import socket
import sys

FOLDER = pathlib.Path(__file__).parent / "schemas"
EXTENSIONS = "https://stac-extensions.github.io"


def no_network(*_args, **_kwargs):
    raise AssertionError("a validator asked the network")


socket.socket.connect = no_network
socket.create_connection = no_network
socket.getaddrinfo = no_network

import pystac  # noqa: E402
import pystac.validation  # noqa: E402
from pystac.validation.stac_validator import JsonSchemaSTACValidator  # noqa: E402
from stac_validator.validate import StacValidate  # noqa: E402

logging.disable(logging.CRITICAL)
schemas = {}
# stac-validator would ask for those of STAC itself: pystac has them.
own = pathlib.Path(pystac.__file__).parent / "validation" / "jsonschemas"
core = {
    f"https://schemas.stacspec.org/v1.1.0/item-spec/json-schema/{path.name}": path
    for path in (own / "stac-spec" / "v1.1.0").glob("*.json")
}
# What an extension still asks of 1.0.0 is less than what 1.1.0 asks.
basics = "item-spec/json-schema/basics.json"
core[f"https://schemas.stacspec.org/v1.0.0/{basics}"] = own / "stac-spec" / "v1.1.0" / "basics.json"
core |= {f"https://geojson.org/schema/{path.name}": path for path in (own / "geojson").glob("*.json")}
for path in FOLDER.glob("*.json"):
    name, version = path.stem.rsplit("-", 1)
    schemas[f"{EXTENSIONS}/{name}/{version}/schema.json"] = path

validator = JsonSchemaSTACValidator()
for url, path in schemas.items():
    validator.schema_cache[url] = json.loads(path.read_text())
pystac.validation.set_validator(validator)


def faults(item):
    found = []
    try:
        validated = pystac.validation.validate_dict(item)
        if len(validated) != 1 + len(item["stac_extensions"]):
            found.append(f"pystac validated by {validated} alone")
    except Exception as error:
        found.append(f"pystac: {type(error).__name__}: {str(error)[:400]} {str(error.__cause__)[:400]}")
    other = StacValidate(schema_map={url: str(path) for url, path in (core | schemas).items()})
    if not other.validate_dict(item):
        found.append(f"stac-validator: {json.dumps(other.message)[:800]}")
    return found


for line in sys.stdin:
    print(json.dumps(faults(json.loads(line))), flush=True)
