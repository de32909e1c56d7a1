// The bounds and zooms of a map, of rasters at the ends of the world.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { boundsInDegrees, footprintOf } from '../../../lib/geo/footprint.ts'
import type { Grid } from '../../../lib/model/grid.ts'
import { readTileSource } from '../../../lib/request/tile-schema.ts'
import { describeExtent } from '../../../lib/steps/map-extent.ts'
import { openProjection } from '../../harness/crs.ts'

const result = {
  kind: 'result',
  root: 'bafy',
  resampling: 'nearest',
  style: { colormap_name: 'rdylgn', rescale: [-1, 1] },
} as const

type Pair = readonly [number, number]

/** A raster around a place in its CRS. */
async function rasterOf(epsg: number, pixel: number, [rows, cols]: Pair, [x, y]: Pair = [0, 0]) {
  const key = epsg === 4326 ? 'GeographicTypeGeoKey' : 'ProjectedCSTypeGeoKey'
  const projection = await openProjection({ [key]: epsg })
  const [left, top] = [x - (cols * pixel) / 2, y + (rows * pixel) / 2]
  const transform = [pixel, 0, left, 0, -pixel, top] as const
  const grid: Grid = { crs: `EPSG:${epsg}`, transform, shape: [rows, cols], level: 0 }
  const [west, , east] = boundsInDegrees(grid, projection)
  return {
    grid,
    projection,
    footprint: footprintOf(grid, projection),
    ownLongitude: (west + east) / 2,
    coarsest: 1,
    trust: 'cid',
    values: () => Promise.reject(new Error('nothing is drawn here')),
  } as const
}

async function extentOf(...raster: Parameters<typeof rasterOf>) {
  return describeExtent(await rasterOf(...raster), result, Infinity)
}

/** A scene of UTM zone 1 S around the antimeridian, of which a part is asked for. */
async function boundsOfPart(area: Readonly<Record<string, unknown>>) {
  const [x, y] = [180_000, 8_200_000]
  const raster = await rasterOf(32701, 100, [300, 500], [x, y])
  const source = readTileSource({ item: 'https://example.com/item.json', ...area })
  return describeExtent(raster, source, Infinity).bounds.map((value) => Number(value.toFixed(2)))
}

it('a map of the world reaches to the ends of EPSG:3857, poles in the middle of pixels or not', async () => {
  const world = { bounds: [-180, -85.051129, 180, 85.051129], minZoom: 0, maxZoom: 2, trust: 'cid' }
  assert.deepEqual(await extentOf(4326, 0.5, [360, 720]), world)
  assert.deepEqual(await extentOf(4326, 0.5, [361, 720]), world)
})

it('what lies wholly beyond the map has no tiles', async () => {
  const message = /ends at 85\.051129 degrees/
  await assert.rejects(extentOf(3413, 500, [200, 200]), { code: 'invalid_request', message })
  assert.deepEqual((await extentOf(3413, 10_000, [200, 200])).bounds[3], 85.051129)
})

it('a map of an asked area is as large as the area on the scene, a box or a geometry', async () => {
  assert.deepEqual(await boundsOfPart({}), [179.77, -16.4, -179.76, -16.12])
  const box = [179.9, -16.3, 180.1, -16.2]
  assert.deepEqual(await boundsOfPart({ bbox: box }), [179.9, -16.3, -179.9, -16.2])
  assert.deepEqual(
    await boundsOfPart({ bbox: [-180, -17, -170, -16.2] }),
    [-180, -16.4, -179.76, -16.2],
  )
  const triangle = [
    [179.9, -16.3],
    [180.1, -16.3],
    [180, -16.2],
    [179.9, -16.3],
  ]
  const geometry = { type: 'Polygon', coordinates: [triangle] }
  assert.deepEqual(await boundsOfPart({ geometry }), [179.9, -16.3, -179.9, -16.2])
})

it('an area beside the scene has no map', async () => {
  const message = /does not touch the scene, which covers \[179\.77/
  await assert.rejects(boundsOfPart({ bbox: [10, 40, 11, 41] }), { code: 'outside_scene', message })
})

it('a raster without overviews has a map from the zoom on at which its tiles may be read', async () => {
  // 10 m of Web Mercator, 160 million of them; a tile of zoom 10 is 3,913 wide, and its box 5,591 at the most.
  const raster = await rasterOf(3857, 10, [12_649, 12_649])
  const zooms = (maxPixels: number, coarsest = 1) => {
    const { minZoom, maxZoom } = describeExtent({ ...raster, coarsest }, result, maxPixels)
    return [minZoom, maxZoom]
  }
  assert.deepEqual(zooms(160_000_000), [8, 14])
  assert.deepEqual(zooms(32_000_000), [10, 14])
  assert.deepEqual(zooms(31_000_000), [11, 14])
  assert.deepEqual(zooms(31_000_000, 4), [8, 14])
})
