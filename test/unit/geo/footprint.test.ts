// The ground under a grid in degrees, against PROJ's (rasterio.warp.transform and transform_bounds).
// Long: a table of cases, and what each of them must come to.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { boundsInDegrees, type Footprint, footprintOf } from '../../../lib/geo/footprint.ts'
import type { Bbox, Grid } from '../../../lib/model/grid.ts'
import { isJsonObject } from '../../../lib/model/json.ts'
import { openProjection } from '../../harness/crs.ts'

/** A grid of 30 x 20 pixels between bounds: left, bottom, right, top. */
function gridOver(epsg: number, [left, bottom, right, top]: Bbox): Grid {
  const transform = [(right - left) / 30, 0, left, 0, (bottom - top) / 20, top] as const
  return { crs: `EPSG:${epsg}`, transform, shape: [20, 30], level: 0 }
}

async function footprint(epsg: number, bounds: Bbox): Promise<Footprint> {
  const key = epsg === 4326 ? 'GeographicTypeGeoKey' : 'ProjectedCSTypeGeoKey'
  return footprintOf(gridOver(epsg, bounds), await openProjection({ [key]: epsg }))
}

function near(ours: readonly number[], theirs: readonly number[]): void {
  assert.equal(ours.length, theirs.length)
  for (const [at, value] of ours.entries()) {
    assert.ok(
      Math.abs(value - (theirs[at] ?? Number.NaN)) <= 2e-7,
      `${ours.join(' ')} is not ${theirs.join(' ')}`,
    )
  }
}

function ringsOf({ geometry }: Footprint): number[][][] {
  const { type, coordinates } = geometry
  assert.ok(Array.isArray(coordinates))
  const polygons: unknown = type === 'Polygon' ? [coordinates] : coordinates
  const parsed: number[][][][] = JSON.parse(JSON.stringify(polygons))
  return parsed.map(([ring, ...holes]) => {
    assert.equal(holes.length, 0)
    assert.ok(ring)
    return ring
  })
}

/** Twice the area, positive when counter-clockwise. */
function windingOf(ring: readonly (readonly number[])[]): number {
  return ring.slice(1).reduce((sum, [x = 0, y = 0], at) => {
    const [x0 = 0, y0 = 0] = ring[at] ?? []
    return sum + x0 * y - x * y0
  }, 0)
}

const rows: readonly (readonly [
  name: string,
  epsg: number,
  bounds: Bbox,
  bbox: Bbox,
  corners: readonly (readonly number[])[],
])[] = [
  [
    'UTM north, south of the equator',
    32620,
    [832485, -355035, 858015, -340995],
    [-60.009106, -3.2076826, -59.7792951, -3.0801639],
    [
      [-60.0087443, -3.2076826],
      [-59.7792951, -3.2069824],
      [-59.7796844, -3.0801639],
      [-60.009106, -3.0808364],
    ],
  ],
  [
    'UTM south',
    32733,
    [300000, 7490220, 409800, 7600020],
    [13.0532055, -22.6927986, 14.1279867, -21.6919662],
    [
      [13.0532055, -22.6833675],
      [14.1218404, -22.6927986],
      [14.1279867, -21.7009434],
      [13.0668229, -21.6919662],
    ],
  ],
  [
    'polar stereographic south',
    3031,
    [300000, -1300000, 360000, -1240000],
    [163.8107937, -78.2974181, 167.0053832, -77.6312671],
    [
      [167.0053832, -77.7656071],
      [164.5213618, -77.6312671],
      [163.8107937, -78.1568699],
      [166.3994575, -78.2974181],
    ],
  ],
  [
    'polar stereographic north',
    3413,
    [-200000, -2250000, -100000, -2150000],
    [-50.3145457, 69.3646915, -47.5448044, 70.3192849],
    [
      [-50.0796079, 69.3646915],
      [-47.5448044, 69.4241936],
      [-47.6630008, 70.3192849],
      [-50.3145457, 70.2568635],
    ],
  ],
  [
    'degrees',
    4326,
    [-60, -4, -59, -3],
    [-60, -4, -59, -3],
    [
      [-60, -4],
      [-59, -4],
      [-59, -3],
      [-60, -3],
    ],
  ],
  [
    'degrees of the world, its outermost centres on the poles',
    4326,
    [-180.25, -90.25, 179.75, 90.25],
    [-180, -90, 180, 90],
    [
      [-180, -90],
      [180, -90],
      [180, 90],
      [-180, 90],
    ],
  ],
  [
    'Web Mercator',
    3857,
    [-6690301, -356407, -6656905, -334111],
    [-60.0999964, -3.1999936, -59.7999951, -2.9999985],
    [
      [-60.0999964, -3.1999936],
      [-59.7999951, -3.1999936],
      [-59.7999951, -2.9999985],
      [-60.0999964, -2.9999985],
    ],
  ],
  [
    'UTM beside the antimeridian',
    32601,
    [300000, 5690220, 409800, 5800020],
    [-179.9342018, 51.3280532, -178.2954215, 52.3430544],
    [
      [-179.8707891, 51.3280532],
      [-178.2954215, 51.3560798],
      [-178.3240754, 52.3430544],
      [-179.9342018, 52.3140232],
    ],
  ],
]

describe('the footprint of a grid in', () => {
  for (const [name, epsg, bounds, bbox, corners] of rows) {
    it(name, async () => {
      const found = await footprint(epsg, bounds)
      near(found.bbox, bbox)
      assert.equal(found.geometry['type'], 'Polygon')
      const [ring = []] = ringsOf(found)
      near(ring.flat(), [...corners, corners[0] ?? []].flat())
      assert.ok(windingOf(ring) > 0, 'counter-clockwise')
    })
  }
})

describe('a grid over the antimeridian', () => {
  const cases: readonly (readonly [name: string, epsg: number, bounds: Bbox, bbox: Bbox])[] = [
    [
      'from the west',
      32760,
      [790000, 8000000, 899800, 8109800],
      [179.7247295, -18.0692613, -179.2245274, -17.0614442],
    ],
    [
      'from the east',
      32601,
      [250000, 5690220, 359800, 5800020],
      [179.3337138, 51.3082841, -179.0131133, 52.3325542],
    ],
    ['in degrees beyond 180', 4326, [179, -18, 181, -17], [179, -18, -179, -17]],
    ['in degrees below -180', 4326, [-181, -18, -179, -17], [179, -18, -179, -17]],
  ]
  for (const [name, epsg, bounds, bbox] of cases) {
    it(`${name} has a box whose west is larger than its east`, async () => {
      near((await footprint(epsg, bounds)).bbox, bbox)
    })

    it(`${name} has a geometry cut in two there, each part on its side`, async () => {
      const found = await footprint(epsg, bounds)
      assert.equal(found.geometry['type'], 'MultiPolygon')
      const [west = [], east = []] = ringsOf(found)
      for (const ring of [west, east]) {
        assert.ok(ring.length >= 4)
        assert.deepEqual(ring[0], ring.at(-1), 'closed')
        assert.ok(windingOf(ring) > 0, 'counter-clockwise')
      }
      assert.ok(west.every(([lon = 0]) => lon >= 178 && lon <= 180))
      assert.ok(east.every(([lon = 0]) => lon <= -178 && lon >= -180))
      for (const [ring, edge] of [
        [west, 180],
        [east, -180],
      ] as const) {
        assert.equal(
          ring.slice(1).filter(([lon]) => lon === edge).length,
          2,
          'two corners on the meridian',
        )
      }
      const heights = (ring: readonly (readonly number[])[], edge: number) =>
        new Set(ring.filter(([lon]) => lon === edge).map(([, lat]) => lat))
      assert.deepEqual(heights(west, 180), heights(east, -180))
    })
  }

  it('that ends at 180 is not cut', async () => {
    const found = await footprint(4326, [179, -18, 180, -17])
    assert.deepEqual(found.bbox, [179, -18, 180, -17])
    assert.equal(found.geometry['type'], 'Polygon')
  })

  it('that begins at 180 lies east of it', async () => {
    const found = await footprint(4326, [180, -18, 181, -17])
    assert.deepEqual(found.bbox, [-180, -18, -179, -17])
    assert.ok(isJsonObject(found.geometry))
    assert.equal(found.geometry['type'], 'Polygon')
  })
})

describe('a grid around a pole', () => {
  for (const [name, epsg, [south, north]] of [
    ['the South Pole', 3031, [-90, -57.6673327]],
    ['the North Pole', 3995, [57.6673327, 90]],
  ] as const) {
    it(`reaches from its outline to ${name}, all the way round`, async () => {
      const found = await footprint(epsg, [-3000000, -2000000, 3000000, 2000000])
      near(found.bbox, [-180, south, 180, north])
      const [ring = []] = ringsOf(found)
      assert.deepEqual(ring[0], ring.at(-1), 'closed')
      assert.ok(windingOf(ring) > 0, 'counter-clockwise')
      const pole = epsg === 3995 ? 90 : -90
      const atPole = ring.slice(1).filter(([, lat]) => lat === pole)
      assert.deepEqual(new Set(atPole.map(([lon]) => lon)), new Set([-180, 180]))
      const steps = ring.slice(1).map(([lon = 0], at) => Math.abs(lon - (ring[at]?.[0] ?? 0)))
      assert.equal(steps.filter((step) => step > 30).length, 1, 'one long side, at the pole')
    })
  }
})

describe('a grid of the whole globe', () => {
  for (const [name, epsg, bounds] of [
    ['from -180 to 180', 4326, [-180, -60, 180, 85]],
    ['from 0 to 360', 4326, [0, -60, 360, 85]],
    ['from -20 to 340', 4326, [-20, -60, 340, 85]],
    [
      'in Web Mercator',
      3857,
      [-20037508.342789, -8399737.889818, 20037508.342789, 19971868.880409],
    ],
  ] as const) {
    it(`${name} lies from -180 to 180`, async () => {
      const found = await footprint(epsg, bounds)
      near(found.bbox, [-180, -60, 180, 85])
      const [ring = []] = ringsOf(found)
      near(ring.flat(), [-180, -60, 180, -60, 180, 85, -180, 85, -180, -60])
    })
  }

  it('but for a little is not cut by its own width', async () => {
    const found = await footprint(4326, [-170, -60, 170, 60])
    near(found.bbox, [-170, -60, 170, 60])
    near(ringsOf(found).flat(2), [-170, -60, 170, -60, 170, 60, -170, 60, -170, -60])
  })
})

it('bounds for placing keep the longitudes that the grid counts in', async () => {
  const projection = await openProjection({ GeographicTypeGeoKey: 4326 })
  for (const bounds of [
    [300, -4, 301, -3],
    [-181, -18, -179, -17],
    [0, -90, 360, 90],
  ] as const) {
    near(boundsInDegrees(gridOver(4326, bounds), projection), bounds)
  }
})

it('a footprint has seven decimals at most', async () => {
  const { bbox, geometry } = await footprint(32620, [832485, -355035, 858015, -340995])
  for (const text of JSON.stringify([bbox, geometry]).match(/-?\d+\.\d+/g) ?? []) {
    assert.ok((text.split('.')[1] ?? '').length <= 7, text)
  }
})
