// Where a request lies on a scene, in every kind of projection, and what is said when it lies elsewhere.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { loadProj } from '../../../lib/geo/proj.ts'
import type { Bbox } from '../../../lib/model/grid.ts'
import type { JsonObject } from '../../../lib/model/json.ts'
import type { AreaGeometry } from '../../../lib/model/request.ts'
import { MemoryBlocks } from '../../harness/blocks.ts'
import { ipfsAsset, sceneItem } from '../../harness/items.ts'
import { computeNumbers } from '../../harness/numbers.ts'

const blocks = new MemoryBlocks()

/** A scene whose two bands are one file, under two CIDs. */
async function tiffItem(name: string): Promise<JsonObject> {
  const url = new URL(`../../fixtures/tiffs/${name}.tif`, import.meta.url)
  const bytes = new Uint8Array(await readFile(url))
  const [red, nir] = [
    await blocks.add(bytes, 'unixfs-v0-2015'),
    await blocks.add(bytes, 'unixfs-v1-2025'),
  ]
  const assets = { red: ipfsAsset(red.toString()), nir: ipfsAsset(nir.toString()) }
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id: name,
    geometry: null,
    properties: {},
    assets,
    links: [],
  }
}

function polygonOf([west, south, east, north]: Bbox): AreaGeometry {
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ] as const
  return { type: 'Polygon', coordinates: [ring] }
}

/** Bounds as PROJ has them (rasterio.warp.transform_bounds), a box outside of them, and one inside. */
const places: readonly (readonly [
  name: string,
  item: JsonObject,
  bounds: string,
  outside: Bbox,
  inside: Bbox,
])[] = [
  [
    'UTM north',
    await sceneItem('l9-c2l2-manaus', blocks),
    '-60.0091, -3.2077, -59.7793, -3.0802',
    [-59.7, -3.2, -59.6, -3.1],
    [-59.95, -3.17, -59.85, -3.11],
  ],
  [
    'UTM south',
    await tiffItem('overviews'),
    '-62.1, -3.1777, -62.0865, -3.166',
    [-62.2, -3.2, -62.15, -3.1],
    [-62.098, -3.176, -62.089, -3.168],
  ],
  [
    'degrees',
    await tiffItem('geographic'),
    '-60, -3.86, -59.5, -3',
    [-61, -3.5, -60.5, -3.1],
    [-59.9, -3.5, -59.7, -3.2],
  ],
  [
    'polar stereographic',
    await tiffItem('polar'),
    '3.5578, -14.0623, 3.5672, -14.0543',
    [10, -5, 11, -4],
    [3.559, -14.061, 3.566, -14.0555],
  ],
]

describe('a place outside of a scene in', () => {
  for (const [name, item, bounds, outside] of places) {
    for (const [kind, area] of [
      ['bbox', { bbox: outside }],
      ['geometry', { geometry: polygonOf(outside) }],
    ] as const) {
      it(`${name} is refused with the scene's bounds: ${kind}`, async () => {
        await assert.rejects(computeNumbers(item, area, blocks), {
          code: 'outside_scene',
          message: new RegExp(
            `^The ${kind}.* does not touch the scene, which covers \\[${bounds}\\] \\(west, south, east, north\\)\\.$`,
          ),
        })
      })
    }
  }
})

describe('a place inside of a scene in', () => {
  for (const [name, item, , , inside] of places) {
    it(`${name} is the same window as a box and as a polygon; the polygon counts less`, async () => {
      const box = await computeNumbers(item, { bbox: inside }, blocks)
      const polygon = await computeNumbers(item, { geometry: polygonOf(inside) }, blocks)
      assert.deepEqual(polygon.numbers.window, box.numbers.window)
      const [, , rows = 0, cols = 0] = box.numbers.window
      assert.equal(box.numbers.total, rows * cols)
      assert.ok(polygon.numbers.total > 0.5 * rows * cols && polygon.numbers.total <= rows * cols)
    })
  }
})

describe('a file without a CRS lies where its item says', () => {
  const proj = loadProj()
  const said: readonly (readonly [name: string, of: () => Promise<JsonObject>])[] = [
    ['proj:code', async () => ({ 'proj:code': 'EPSG:32720' })],
    ['proj:wkt2', async () => ({ 'proj:wkt2': (await proj).wkt('EPSG:32720', 'WKT2:2019') })],
    [
      'proj:projjson',
      async () => ({ 'proj:projjson': JSON.parse((await proj).projjson('EPSG:32720') ?? '') }),
    ],
  ]
  for (const [name, of] of said) {
    it(`(${name})`, async () => {
      const item = { ...(await tiffItem('no-crs')), properties: await of() }
      const { selected } = await computeNumbers(item, {}, blocks)
      assert.equal(selected.crs.code, 'EPSG:32720')
      assert.match(selected.warnings.join(), /the files name no CRS: that of the item is used/)
    })
  }
})
