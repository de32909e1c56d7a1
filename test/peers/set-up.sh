#!/usr/bin/env bash
# Installs what the tests of this folder run beside us: Kubo, built from its Go module, Python's packages in an
# environment of their own, and Helia with a lock of its own: 160 MB that the tests alone want. All lie outside the
# tree, in a folder named after the pins, and are made once.
set -euo pipefail
cd "$(dirname "$0")"

pins=$(cat go.mod requirements.txt constraints.txt | sha256sum | cut -c1-16)
home=${GREENPRINT_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/greenprint/peers-$pins}
mkdir -p "$home"

if [ ! -x "$home/ipfs" ]; then
  if command -v go >/dev/null; then
    echo "Kubo: building, which takes a few minutes" >&2
    go build -o "$home/ipfs.part" github.com/ipfs/kubo/cmd/ipfs
    mv "$home/ipfs.part" "$home/ipfs"
  else
    echo 'Kubo: not built, for there is no Go on the PATH; its tests will be skipped' >&2
  fi
fi

if [ ! -e "$home/python/complete" ]; then
  # 3.11 is the oldest that every pinned package takes.
  if python3 -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo 'Python: installing the packages of requirements.txt' >&2
    python3 -m venv --clear "$home/python"
    "$home/python/bin/pip" install -q --disable-pip-version-check -r requirements.txt -c constraints.txt
    touch "$home/python/complete"
  else
    echo 'Python: not installed, for python3 is not 3.11 or later with venv; its tests will be skipped' >&2
  fi
fi

helia=$home/helia-$(sha256sum < helia/package-lock.json | cut -c1-16)
if [ ! -e "$helia/complete" ]; then
  echo 'Helia: installing the packages of helia/package-lock.json' >&2
  mkdir -p "$helia"
  cp helia/package.json helia/package-lock.json helia/.npmrc "$helia/"
  # Its scripts would fetch binaries for transports that nothing here uses.
  (cd "$helia" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
  touch "$helia/complete"
fi
echo "$home"
