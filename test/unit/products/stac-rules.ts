// The rules that a published item must keep, by hand from the schemas of STAC 1.1.0 and of its extensions.

import assert from 'node:assert/strict'
import { isJsonObject, type JsonObject } from '../../../lib/model/json.ts'

const EXTENSIONS = 'https://stac-extensions.github.io/'
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** Throws an AssertionError for the first rule that the item breaks. */
export function assertStacItem(item: JsonObject): void {
  assertCore(item)
  assertTime(object(item.properties))
  const assets = Object.values(object(item.assets)).map(object)
  for (const asset of assets) assertAsset(asset)
  assertExtensionsDeclared(item)
  assertProcessing(object(item.properties))
  assertProjection(object(item.properties))
  assertRenders(item)
}

function assertCore(item: JsonObject): void {
  assert.equal(item.type, 'Feature')
  assert.equal(item.stac_version, '1.1.0')
  assert.match(text(item.id), /./)
  const extensions = array(item.stac_extensions).map(text)
  assert.equal(new Set(extensions).size, extensions.length)
  const bbox = array(item.bbox).map(number)
  assert.equal(bbox.length, 4)
  assert.ok(isJsonObject(item.geometry))
  for (const link of array(item.links).map(object)) {
    assert.match(text(link.href), /./)
    assert.match(text(link.rel), /./)
    // item.json: a collection link needs a collection field, and the reverse.
    assert.notEqual(link.rel, 'collection')
  }
  assert.equal(item.collection, undefined)
}

function assertTime({ datetime, start_datetime, end_datetime }: JsonObject): void {
  if (datetime !== null) return assert.match(text(datetime), RFC3339)
  assert.match(text(start_datetime), RFC3339)
  assert.match(text(end_datetime), RFC3339)
}

function assertAsset(asset: JsonObject): void {
  assert.match(text(asset.href), /^\.\/./)
  assert.match(text(asset.type), /^[a-z]+\/./)
  assert.match(text(asset.title), /./)
  array(asset.roles).map(text)
  assert.match(text(asset['file:checksum']), /^[a-f0-9]+$/)
  assert.ok(Number.isInteger(asset['file:size']) && number(asset['file:size']) >= 0)
  for (const alternate of Object.values(object(asset.alternate)).map(object)) {
    assert.match(text(alternate.href), /^ipfs:\/\/[A-Za-z0-9]+$/)
    assert.match(text(alternate['alternate:name']), /./)
  }
  if (asset['proj:shape'] !== undefined) assertPlace(asset)
  if (asset.bands !== undefined) for (const band of array(asset.bands).map(object)) assertBand(band)
}

function assertBand(band: JsonObject): void {
  assert.match(text(band.name), /./)
  if (band.data_type !== undefined) assert.equal(band.data_type, 'float32')
  if (band.nodata !== undefined) assert.equal(band.nodata, 'nan')
  text(band.unit)
  const statistics = object(band.statistics)
  assert.ok(Object.keys(statistics).length > 0)
  for (const value of Object.values(statistics)) number(value)
  const percent = number(statistics.valid_percent)
  assert.ok(percent >= 0 && percent <= 100)
  assert.ok(Number.isInteger(statistics.count))
  assert.ok(['area', 'point'].includes(text(band['raster:sampling'])))
  const { count, min, max, buckets, ...others } = object(band['raster:histogram'])
  assert.deepEqual(others, {})
  assert.ok(number(min) < number(max))
  assert.equal(array(buckets).length, count)
  for (const bucket of array(buckets)) assert.ok(Number.isInteger(bucket))
}

/** An extension is declared exactly where its prefix is used. */
function assertExtensionsDeclared(item: JsonObject): void {
  const written = JSON.stringify({ properties: item.properties, assets: item.assets })
  const prefixes: Record<string, RegExp> = {
    'alternate-assets/v1.2.0': /"alternate":/,
    'file/v2.1.0': /"file:/,
    'eo/v1.1.0': /"eo:/,
    'processing/v1.2.0': /"processing:/,
    'projection/v2.0.0': /"proj:/,
    'raster/v2.0.0': /"raster:/,
    'render/v2.0.0': /"renders":/,
  }
  const used = Object.keys(prefixes).filter((name) => prefixes[name]?.test(written))
  const expected = used.map((name) => `${EXTENSIONS}${name}/schema.json`)
  assert.deepEqual(array(item.stac_extensions), expected)
}

function assertProcessing(properties: JsonObject): void {
  const expression = object(properties['processing:expression'])
  assert.match(text(expression.format), /./)
  assert.notEqual(expression.expression, undefined)
  text(properties['processing:lineage'])
  for (const [name, version] of Object.entries(object(properties['processing:software']))) {
    assert.match(name, /./)
    text(version)
  }
  const known = ['expression', 'lineage', 'software'].map((name) => `processing:${name}`)
  const present = Object.keys(properties).filter((name) => name.startsWith('processing:'))
  assert.deepEqual(present.toSorted(), known)
}

function assertProjection(properties: JsonObject): void {
  assertPlace(properties)
  assert.equal(properties['proj:epsg'], undefined)
}

/** The fields of the projection extension, of an item or of one asset. */
function assertPlace(properties: JsonObject): void {
  if (properties['proj:code'] !== null) assert.match(text(properties['proj:code']), /^[A-Z]+:\d+$/)
  const shape = array(properties['proj:shape'])
  assert.ok(shape.length === 2 && shape.every(Number.isInteger))
  const transform = array(properties['proj:transform']).map(number)
  assert.equal(transform.length, 6)
  if (properties['proj:bbox'] === undefined) return
  const [left = 0, bottom = 0, right = 0, top = 0, ...others] = array(properties['proj:bbox']).map(
    number,
  )
  assert.ok(left < right && bottom < top && others.length === 0)
}

function assertRenders(item: JsonObject): void {
  const { renders } = object(item.properties)
  if (renders === undefined) return
  for (const render of Object.values(object(renders)).map(object)) {
    text(render.title)
    text(render.colormap_name)
    for (const range of array(render.rescale).map(array)) {
      const [low = 0, high = 0, ...others] = range.map(number)
      assert.ok(low < high && others.length === 0)
    }
    for (const key of array(render.assets).map(text))
      assert.ok(Object.hasOwn(object(item.assets), key))
  }
}

function object(value: unknown): JsonObject {
  assert.ok(isJsonObject(value))
  return value
}

function array(value: unknown): unknown[] {
  assert.ok(Array.isArray(value))
  return value
}

function text(value: unknown): string {
  assert.ok(typeof value === 'string')
  return value
}

function number(value: unknown): number {
  assert.ok(typeof value === 'number' && Number.isFinite(value))
  return value
}
