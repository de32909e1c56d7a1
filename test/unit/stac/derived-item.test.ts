// The item that is published: whole, by the rules of STAC, and the same on every day and machine.
// Long: a table of cases, and what each of them must come to.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { canonicalJson } from '../../../lib/ipld/canonical-json.ts'
import type { Grid } from '../../../lib/model/grid.ts'
import type { JsonObject } from '../../../lib/model/json.ts'
import { isJsonObject } from '../../../lib/model/json.ts'
import type { Radiometry, ScaleMode } from '../../../lib/model/radiometry.ts'
import type { Scene } from '../../../lib/model/scene.ts'
import type { Statistics } from '../../../lib/model/statistics.ts'
import { chooseRadiometry } from '../../../lib/products/radiometry.ts'
import { type DerivedItemInput, deriveItem } from '../../../lib/stac/derived-item.ts'
import type { PublishedAsset } from '../../../lib/stac/item-parts.ts'
import type { PixelRules } from '../../../lib/stac/lineage.ts'
import { assertStacItem } from '../products/stac-rules.ts'
import { at, CID_V1, fixture, NIR_CID, object, RED_CID, scene } from './sample-items.ts'

const SELF =
  'https://landsatlook.usgs.gov/stac-server/collections/landsat-c2l2-sr/items/LC09_L2SP_231062_20230723_20230802_02_T1_SR'

const manaus = scene({
  id: 'LC09_L2SP_231062_20230723_20230802_02_T1',
  collection: 'landsat-c2l2-sr',
  properties: {
    datetime: '2023-07-23T14:18:32.158233Z',
    created: '2023-08-02T10:00:00Z',
    updated: '2023-08-02T10:00:00Z',
    platform: 'landsat-9',
    instruments: ['oli', 'tirs'],
    constellation: null,
    'eo:cloud_cover': 3.4,
    'landsat:correction': 'L2SP',
  },
  links: [{ rel: 'self', href: SELF, type: 'application/geo+json' }],
})

const statistics: Statistics = {
  valid_count: 398266,
  total_count: 398268,
  valid_percent: 99.99949782558478,
  invalid: { fill: 0, saturation: 0, mask: 0, denominator: 2 },
  clipped_count: 15,
  mean: 0.2788928964999096,
  stddev: 0.5101368084775096,
  minimum: -1,
  maximum: 1,
  percentiles: { '2': -0.9, '25': -0.2, '50': 0.34257943736761065, '75': 0.7, '98': 0.9 },
  histogram: {
    edges: Array.from({ length: 41 }, (_, at) => at / 20 - 1),
    counts: Array.from({ length: 40 }, (_, at) => (at === 39 ? 398266 : 0)),
  },
}

const nothingValid: Statistics = {
  ...statistics,
  valid_count: 0,
  valid_percent: 0,
  mean: null,
  stddev: null,
  minimum: null,
  maximum: null,
  percentiles: { '2': null, '25': null, '50': null, '75': null, '98': null },
}

const grid: Grid = {
  crs: 'EPSG:32620',
  transform: [30, 0, 832485, 0, -30, -340995],
  shape: [468, 851],
  level: 0,
}

function file(key: string, name: string, type: string, roles: string[]): PublishedAsset {
  const checksum = `1220${key.charCodeAt(0).toString(16).repeat(32)}`
  const title = `NDVI ${key}`
  const own = key === 'figure' ? null : grid
  return { key, file: name, cid: CID_V1, type, size: 181234, checksum, roles, title, grid: own }
}

const figure = file('figure', 'figure.png', 'image/png', ['overview', 'visual'])
const layer = file('layer', 'layer.png', 'image/png', ['visual'])
const cog = file('cog', 'ndvi.tif', 'image/tiff; application=geotiff; profile=cloud-optimized', [
  'data',
])

/** What the rules of a radiometry come to on uint16 bands of Landsat. */
function rulesOf({ red, nir, applied }: Pick<Radiometry, 'red' | 'nir' | 'applied'>): PixelRules {
  const band = { data_type: 'uint16', fill: [0], saturation: 65535 }
  return {
    red: { ...red, ...band },
    nir: { ...nir, ...band },
    minimum_denominator: applied === 'none' ? Number.MIN_VALUE : 1e-6,
    clip: [-1, 1],
  }
}

const surface = radiometryOf(manaus, 'auto')

function radiometryOf(of: Scene, mode: ScaleMode): Radiometry {
  const { when: _when, ...radiometry } = chooseRadiometry(of, mode).rule
  return radiometry
}

const input: DerivedItemInput = {
  scene: manaus,
  itemId: 'LC09_L2SP_231062_20230723_20230802_02_T1_ndvi_0123abcd',
  request: {
    scale: 'auto',
    mask: [],
    max_size: 1024,
    colormap_name: 'rdylgn',
    rescale: [-1, 1],
    outputs: ['figure', 'item'],
  },
  inputs: { red: { cid: RED_CID, nodata: 0 }, nir: { cid: NIR_CID, nodata: 0 } },
  grid,
  definition: null,
  footprint: {
    bbox: [-60.01234567891, -3.2123456789, -59.78, -3.08],
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [-60.01234567891, -3.2123456789],
          [-59.78, -3.2],
          [-59.78, -0.00000001],
          [-60.01234567891, -3.2123456789],
        ],
      ],
    },
  },
  statistics,
  radiometry: surface,
  rules: rulesOf(surface),
  gsd: 30,
  window: { level: 0, row: 0, col: 0, rows: 468, cols: 851, step: 1 },
  digest: '650ca89d2ff67a6e94c5a4800a48656ef6903d393bcdf96e322fa6772e9ddcc1',
  area: {
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [-60.01234567891, -3.2],
          [-59.78, -3.2],
          [-59.78, -3.08],
          [-60.01234567891, -3.2],
        ],
      ],
    },
    coveredPercent: 98.7654,
  },
  mask: ['fill', 'saturation'],
  software: 'greenprint 0.1.0',
  assets: [figure],
}

const derive = (changes: Partial<DerivedItemInput> = {}) => deriveItem({ ...input, ...changes })
const properties = (item: JsonObject) => object(item.properties)
const bandOf = (item: JsonObject, key: string) => at(item, 'assets', key, 'bands', 0)
const expression = (changes: Partial<DerivedItemInput>) =>
  at(derive(changes), 'properties', 'processing:expression', 'expression')
const lineage = (changes: Partial<DerivedItemInput>) =>
  at(derive(changes), 'properties', 'processing:lineage')

describe('deriveItem', () => {
  it('gives the item that was read through by hand', () => {
    assert.deepEqual(JSON.parse(canonicalJson(derive())), fixture('derived-item.json'))
  })

  const variants: [name: string, changes: Partial<DerivedItemInput>][] = [
    ['a figure', {}],
    ['a figure and a layer', { assets: [figure, layer] }],
    ['a data asset', { assets: [figure, layer, cog] }],
    ['no valid pixel', { statistics: nothingValid, assets: [figure, cog] }],
    ['a grid without EPSG code', { grid: { ...input.grid, crs: null, level: 2 } }],
    ['raw numbers', { radiometry: radiometryOf(scene(), 'auto') }],
    ['a scene without canonical link', { scene: { ...manaus, canonical: null } }],
    ['a scene whose id alone tells the day', { scene: scene({ id: manaus.id, properties: {} }) }],
    ['nothing published', { assets: [] }],
  ]
  for (const [name, changes] of variants) {
    it(`keeps the rules of STAC with ${name}`, () => assertStacItem(derive(changes)))
  }

  it('is a pure function: equal input gives equal bytes, and none of it is changed', () => {
    const copy = structuredClone(input)
    const first = canonicalJson(derive())
    assert.equal(canonicalJson(deriveItem(copy)), first)
    assert.deepEqual(copy, input)
  })

  it('tells nothing of the time or place of making', () => {
    const written = JSON.stringify(derive({ assets: [figure, layer, cog] }))
    for (const trace of [
      'created',
      'updated',
      'processing:datetime',
      '"self"',
      'xyz',
      'gateway',
      'localhost',
    ]) {
      assert.ok(!written.includes(trace), trace)
    }
    assert.deepEqual(
      written.match(/https?:\/\/[^/"]+/g)?.filter((url) => !url.includes('stac-extensions')),
      ['https://landsatlook.usgs.gov'],
    )
  })

  it('names its source only by the canonical link', () => {
    assert.deepEqual(derive().links, [
      { rel: 'derived_from', href: SELF, type: 'application/geo+json' },
    ])
    assert.deepEqual(derive({ scene: { ...manaus, canonical: null } }).links, [])
  })

  it('carries what recomputation needs', () => {
    const item = properties(derive())
    assert.deepEqual(item['greenprint:request'], input.request)
    assert.deepEqual(item['greenprint:inputs'], input.inputs)
    assert.deepEqual(item['greenprint:radiometry'], input.radiometry)
    assert.deepEqual(item['greenprint:mask'], ['fill', 'saturation'])
    assert.deepEqual(item['processing:software'], { greenprint: '0.1.0' })
  })

  it('puts the statistics on the data, else on the layer, else on the figure', () => {
    const carriers = (assets: PublishedAsset[]) => {
      const item = derive({ assets })
      return assets.map(({ key }) => key).filter((key) => bandOf(item, key) !== undefined)
    }
    assert.deepEqual(carriers([figure]), ['figure'])
    assert.deepEqual(carriers([figure, layer]), ['layer'])
    assert.deepEqual(carriers([figure, layer, cog]), ['cog'])
    const data = bandOf(derive({ assets: [figure, cog] }), 'cog')
    assert.deepEqual([at(data, 'data_type'), at(data, 'nodata')], ['float32', 'nan'])
    assert.equal(at(bandOf(derive(), 'figure'), 'data_type'), undefined)
  })

  it('leaves out statistics that have no value', () => {
    const band = bandOf(derive({ statistics: nothingValid }), 'figure')
    assert.deepEqual(at(band, 'statistics'), { valid_percent: 0, count: 398268 })
  })

  it('tells where the pixels of layer and data lie, which a PNG cannot, and not those of a figure', () => {
    const item = derive({ assets: [figure, layer, cog] })
    const places = [figure, layer, cog].map(({ key }) => {
      const asset = object(at(item, 'assets', key))
      return Object.entries(asset).filter(([name]) => name.startsWith('proj:'))
    })
    const place = {
      'proj:code': 'EPSG:32620',
      'proj:shape': [468, 851],
      'proj:transform': [30, 0, 832485, 0, -30, -340995],
      'proj:bbox': [832485, -355035, 858015, -340995],
    }
    assert.deepEqual(places.map(Object.fromEntries), [{}, place, place])
  })

  it('can be rendered only where there is data', () => {
    assert.equal(properties(derive()).renders, undefined)
    assert.deepEqual(properties(derive({ assets: [figure, cog] })).renders, {
      ndvi: { title: 'NDVI', assets: ['cog'], rescale: [[-1, 1]], colormap_name: 'rdylgn' },
    })
  })

  it('writes the arithmetic so that it can be run', () => {
    const [r, n] = ['(0.0000275*A-0.2)', '(0.0000275*B-0.2)']
    assert.equal(
      expression({}),
      `where((A==0)|(A==65535)|(B==0)|(B==65535)|~(${n}+${r}>=0.000001),nan,clip((${n}-${r})/(${n}+${r}),-1,1))`,
    )
    const raw = rulesOf(radiometryOf(scene(), 'none'))
    const plain = { ...raw, red: { ...raw.red, fill: [], saturation: null } }
    const lifted = {
      ...plain,
      red: { ...plain.red, scale: 1e-4, offset: 0.1, data_type: 'float32' },
    }
    assert.equal(
      expression({ rules: { ...lifted, nir: { ...plain.red, fill: ['nan', -9999] } } }),
      'where((B==-9999)|~((1.0*B)+(0.0001*A.astype(float64)+0.1)>=5e-324),nan,clip(((1.0*B)-(0.0001*A.astype(float64)+0.1))/((1.0*B)+(0.0001*A.astype(float64)+0.1)),-1,1))',
    )
    const fields = [{ offset: 8, length: 2, values: [2, 3] }]
    const qa = { bits: 26, fields, values: [1], saturated: [7] }
    assert.match(
      String(expression({ rules: { ...raw, qa } })),
      /\|\(\(C&26\)!=0\)\|isin\(\(C>>8\)&3,\[2,3\]\)\|\(C==1\)\|\(C==7\)\|~/,
    )
  })

  it('rounds degrees to seven decimals, without a negative zero', () => {
    const item = derive()
    assert.deepEqual(item.bbox, [-60.0123457, -3.2123457, -59.78, -3.08])
    assert.deepEqual(at(item, 'geometry', 'coordinates', 0, 0), [-60.0123457, -3.2123457])
    assert.ok(Object.is(at(item, 'geometry', 'coordinates', 0, 2, 1), 0))
  })

  const times: [name: string, source: JsonObject, expected: JsonObject][] = [
    ['its datetime', { datetime: '2023-07-23T14:18:32Z' }, { datetime: '2023-07-23T14:18:32Z' }],
    [
      'its range',
      {
        datetime: null,
        start_datetime: '2023-07-01T00:00:00Z',
        end_datetime: '2023-07-31T00:00:00Z',
      },
      {
        datetime: null,
        start_datetime: '2023-07-01T00:00:00Z',
        end_datetime: '2023-07-31T00:00:00Z',
      },
    ],
    [
      'its start alone',
      { start_datetime: '2023-07-01T00:00:00Z' },
      { datetime: '2023-07-01T00:00:00Z' },
    ],
    [
      'the day in its id',
      {},
      {
        datetime: null,
        start_datetime: '2023-07-23T00:00:00Z',
        end_datetime: '2023-07-23T23:59:59Z',
      },
    ],
  ]
  for (const [name, source, expected] of times) {
    it(`has the time of its scene: ${name}`, () => {
      const { id } = manaus
      const { datetime, start_datetime, end_datetime } = properties(
        derive({ scene: scene({ id, properties: source }) }),
      )
      const written = Object.entries({ datetime, start_datetime, end_datetime }).filter(
        ([, value]) => value !== undefined,
      )
      assert.deepEqual(Object.fromEntries(written), expected)
    })
  }

  const days: [id: string, day: string][] = [
    ['S2A_29RKH_20200219_0_L2A', '2020-02-19'],
    ['S2B_MSIL2A_20230219T112111_N0509_R037_T29RKH_20230219T123947', '2023-02-19'],
    ['S2C_T13TDE_20250729T180310_L2A', '2025-07-29'],
    ['LC08_L2SP_047027_20201204_02_T1', '2020-12-04'],
    ['HLS.L30.T19LDD.2022165T144027.v2.0', '2022-06-14'],
    ['HLS.S30.T19LDD.2024366T144027.v2.0', '2024-12-31'],
  ]
  for (const [id, day] of days) {
    it(`reads the day of ${id}`, () => {
      const { start_datetime } = properties(derive({ scene: scene({ id, properties: {} }) }))
      assert.equal(start_datetime, `${day}T00:00:00Z`)
    })
  }

  it('has numbers of its file at the asset, and those of the area beside them', () => {
    const half = { ...statistics, total_count: 200_000, valid_count: 100_000, valid_percent: 50 }
    const item = derive({ statistics: half, assets: [figure, cog] })
    const { count, valid_percent } = object(at(bandOf(item, 'cog'), 'statistics'))
    assert.deepEqual([count, valid_percent], [398_268, (100 * 100_000) / 398_268])
    const area = object(properties(item)['greenprint:area'])
    assert.deepEqual(at(area, 'statistics', 'total_count'), 200_000)
    assert.deepEqual(area['covered_percent'], 98.7654)
    assert.deepEqual(at(area, 'geometry', 'coordinates', 0, 0), [-60.0123457, -3.2])
    const alone = object(properties(derive({ assets: [] }))['greenprint:area'])
    assert.equal(at(alone, 'statistics', 'mean'), statistics.mean)
  })

  it('describes level, scale and mask in words', () => {
    assert.equal(
      lineage({}),
      'NDVI of red (A = asset red) and near infrared (B = asset nir08) of LC09_L2SP_231062_20230723_20230802_02_T1 at full resolution. The item is Landsat Collection 2 surface reflectance (L2SP). Without a value: fill (A: 0, nan; B: 0, nan); saturation (65535, and what the quality band tells); reflectances whose sum is below 0.000001. Clipped to [-1, 1].',
    )
    assert.match(
      String(lineage({ grid: { ...input.grid, level: 3 }, mask: [] })),
      /at overview level 3\..*Without a value: fill \(A: 0, nan; B: 0, nan\); reflectances/,
    )
  })
})

it('an item whose CRS has no code carries its definition, and its assets name no other', () => {
  const definition = { wkt2: 'PROJCRS["PS WGS84"]', projjson: { type: 'ProjectedCRS' } }
  const item = derive({ grid: { ...input.grid, crs: null }, definition })
  const { properties, assets } = item
  assert.ok(isJsonObject(properties) && isJsonObject(assets))
  assert.deepEqual(
    [properties['proj:code'], properties['proj:wkt2'], properties['proj:projjson']],
    [null, definition.wkt2, definition.projjson],
  )
  for (const asset of Object.values(assets)) {
    assert.ok(isJsonObject(asset))
    assert.ok(!('proj:code' in asset))
  }
})
