// Items for the tests of this room: the real ones of test/fixtures/stac, and small made-up ones.

import { readFileSync } from 'node:fs'
import { isJsonObject, type JsonObject } from '../../../lib/model/json.ts'
import type { Scene } from '../../../lib/model/scene.ts'
import { readItem } from '../../../lib/stac/item.ts'
import { readScene } from '../../../lib/stac/scene.ts'

export const RED_CID = 'QmTgttqUf7PvZgdSoe71j3njeEKk1hC3h22n2sQmety3To'
export const NIR_CID = 'QmZkWaKSuVhFKtAwNbxSogcT6hXHMksXjhgqLu6AXHSUKq'
export const QA_CID = 'QmcuKdjro3ANtUpE8TNUJko1EtUBgjccMo4d6ARyJ7nSXS'
export const CID_V1 = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'

/** A STAC document of test/fixtures/stac; frozen all the way down, so that a reader that changes it fails. */
export function fixture(name: string): JsonObject {
  const url = new URL(`../../fixtures/stac/${name}`, import.meta.url)
  return freeze(JSON.parse(readFileSync(url, 'utf8')))
}

/** The item with `alternate.IPFS` on the assets named. */
export function withContent(item: JsonObject, cids: Readonly<Record<string, string>>): JsonObject {
  const assets = { ...object(item.assets) }
  for (const [key, cid] of Object.entries(cids)) {
    assets[key] = { ...object(assets[key]), alternate: { IPFS: { href: `ipfs://${cid}` } } }
  }
  return freeze({ ...item, assets })
}

/** What lies at a path inside a JSON value; undefined where the path ends early. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  )
}

/** The value, which must be a JSON object. */
export function object(value: unknown): JsonObject {
  if (!isJsonObject(value)) throw new TypeError('not a JSON object')
  return value
}

/** An asset of one band with content. */
export function asset(cid: string, fields: JsonObject = {}): JsonObject {
  return { href: `ipfs://${cid}`, type: 'image/tiff; application=geotiff', ...fields }
}

/** A whole item that names no product, with bands red and nir08 unless `fields` says otherwise. */
export function item(fields: JsonObject = {}): JsonObject {
  return freeze({
    type: 'Feature',
    stac_version: '1.0.0',
    id: 'made-up',
    bbox: [10, 50, 11, 51],
    geometry: null,
    properties: { datetime: '2020-06-01T10:00:00Z' },
    links: [],
    assets: { red: asset(RED_CID), nir08: asset(NIR_CID) },
    ...fields,
  })
}

export function scene(fields: JsonObject = {}): Scene {
  return readScene(readItem(item(fields), null))
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) freeze(inner)
  }
  return value
}
