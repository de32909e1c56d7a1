"""Checks the receipt of a root, as the DSSE and in-toto specifications say, with the keys and files that are served."""

import base64
import hashlib
import json
import sys
import urllib.request

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

base, root = sys.argv[1:]


def read(path):
    with urllib.request.urlopen(base + path) as reply:
        return reply.read()


def url_bytes(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def pae(kind, body):
    kind = kind.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(body), body)


def is_valid(key, kind, body, signature):
    try:
        key.verify(signature, pae(kind, body))
        return True
    except InvalidSignature:
        return False


def flipped(data):
    return bytes([data[0] ^ 1]) + data[1:]


envelope = json.loads(read(f"/results/{root}/receipt.json"))
jwks = {jwk["kid"]: jwk for jwk in json.loads(read("/.well-known/receipt-keys.json"))["keys"]}
[signature] = envelope["signatures"]
jwk = jwks[signature["keyid"]]
key = Ed25519PublicKey.from_public_bytes(url_bytes(jwk["x"]))
members = json.dumps({name: jwk[name] for name in ("crv", "kty", "x")}, separators=(",", ":"))
thumbprint = hashlib.sha256(members.encode()).digest()

kind = envelope["payloadType"]
body = base64.b64decode(envelope["payload"], validate=True)
sig = base64.b64decode(signature["sig"], validate=True)
if not is_valid(key, kind, body, sig):
    sys.exit("the signature is not of this envelope")
# What is not signed is not read.
statement = json.loads(body)
assert kind == "application/vnd.in-toto+json", kind
assert statement["_type"] == "https://in-toto.io/Statement/v1", statement["_type"]
assert statement["predicate"]["root"] == root

subject = {each["name"]: each["digest"]["sha256"] for each in statement["subject"]}
differing = [
    name
    for name, digest in subject.items()
    if hashlib.sha256(read(f"/ipfs/{root}/{name}")).hexdigest() != digest
]
print(
    json.dumps(
        {
            "files": sorted(subject),
            "differing": differing,
            "thumbprint": url_bytes(jwk["kid"]) == thumbprint,
            "refused": {
                "payload": not is_valid(key, kind, flipped(body), sig),
                "payloadType": not is_valid(key, "application/json", body, sig),
                "sig": not is_valid(key, kind, body, flipped(sig)),
                "otherKey": not is_valid(Ed25519PrivateKey.generate().public_key(), kind, body, sig),
            },
        }
    )
)
