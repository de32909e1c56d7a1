// Polygons in degrees on grids anywhere: over the antimeridian, around the poles, far away, larger than the world.
// Long: a table of cases, and what each of them must come to.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { footprintOf } from '../../../lib/geo/footprint.ts'
import { onGrid, projectArea } from '../../../lib/geo/projected-area.ts'
import type { Projection } from '../../../lib/geo/projection.ts'
import type { Bbox, Grid } from '../../../lib/model/grid.ts'
import type { AreaGeometry, Ring } from '../../../lib/model/request.ts'
import { openProjection } from '../../harness/crs.ts'

const [ROWS, COLS] = [20, 30]

interface Ground {
  readonly grid: Grid
  readonly projection: Projection
  readonly scene: Bbox
}

async function ground(epsg: number, [left, bottom, right, top]: Bbox): Promise<Ground> {
  const key = epsg === 4326 ? 'GeographicTypeGeoKey' : 'ProjectedCSTypeGeoKey'
  const projection = await openProjection({ [key]: epsg })
  const transform = [(right - left) / COLS, 0, left, 0, (bottom - top) / ROWS, top] as const
  const grid: Grid = { crs: `EPSG:${epsg}`, transform, shape: [ROWS, COLS], level: 0 }
  return { grid, projection, scene: footprintOf(grid, projection).bbox }
}

const polygon = (...coordinates: Ring[]): AreaGeometry => ({ type: 'Polygon', coordinates })
const box = (west: number, south: number, east: number, north: number): AreaGeometry =>
  polygon([
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ])

/** Longitude and latitude of the centres of all pixels, and whether the area holds each. */
function pixelsIn(area: AreaGeometry, { grid, projection, scene }: Ground) {
  const polygon = onGrid(projectArea(area, scene, projection).rings, grid)
  const [a, , c, , e, f] = grid.transform
  const inside = new Uint8Array(COLS)
  return Array.from({ length: ROWS }, (_, row) => {
    polygon.markRow(row, inside)
    return [...inside].map((mark, col) => {
      const [lon, lat] = projection.inverse(c + (col + 0.5) * a, f + (row + 0.5) * e)
      return { lon, lat, isIn: mark === 1 }
    })
  }).flat()
}

const count = (area: AreaGeometry, where: Ground) =>
  pixelsIn(area, where).filter(({ isIn }) => isIn).length

const ALL = ROWS * COLS
const outside = { code: 'outside_scene' }
const grounds = {
  'UTM north': await ground(32620, [832485, -355035, 858015, -340995]),
  'UTM south': await ground(32733, [300000, 7490220, 409800, 7600020]),
  'UTM over the antimeridian': await ground(32760, [790000, 8000000, 899800, 8109800]),
  'degrees over the antimeridian': await ground(4326, [179, -18, 181, -17]),
  'degrees of the whole globe': await ground(4326, [-180, -90, 180, 90]),
  'Web Mercator': await ground(3857, [-6690301, -356407, -6656905, -334111]),
  'Web Mercator of the whole globe': await ground(3857, [-20037508, -20037508, 20037508, 20037508]),
  'the Antarctic': await ground(3031, [300000, -1300000, 360000, -1240000]),
  'the South Pole': await ground(3031, [-3000000, -2000000, 3000000, 2000000]),
  'the North Pole': await ground(3995, [-310000, -190000, 290000, 210000]),
  'more than a hemisphere around a pole': await ground(
    6931,
    [-9000000, -9000000, 9000000, 9000000],
  ),
}

describe('the whole world holds every pixel of', () => {
  const worlds = {
    'in four positions': box(-180, -90, 180, 90),
    clockwise: polygon([
      [-180, -90],
      [-180, 90],
      [180, 90],
      [180, -90],
      [-180, -90],
    ]),
    'in eight positions': polygon([
      [-180, -90],
      [0, -90],
      [180, -90],
      [180, 0],
      [180, 90],
      [0, 90],
      [-180, 90],
      [-180, 0],
      [-180, -90],
    ]),
    'from 0 to 360': box(0, -90, 360, 90),
  }
  for (const [place, where] of Object.entries(grounds)) {
    for (const [name, world] of Object.entries(worlds)) {
      it(`${place}, ${name}`, () => assert.equal(count(world, where), ALL))
    }
  }
})

describe('a polygon over the antimeridian', () => {
  const across: readonly (readonly [name: string, area: AreaGeometry])[] = [
    ['that jumps there', box(179.52, -17.8, -179.52, -17.3)],
    ['beyond 180', box(179.52, -17.8, 180.48, -17.3)],
    ['beyond -180', box(-180.48, -17.8, -179.52, -17.3)],
    [
      'cut in two there',
      {
        type: 'MultiPolygon',
        coordinates: [
          [
            [
              [179.52, -17.8],
              [180, -17.8],
              [180, -17.3],
              [179.52, -17.3],
              [179.52, -17.8],
            ],
          ],
          [
            [
              [-180, -17.8],
              [-179.52, -17.8],
              [-179.52, -17.3],
              [-180, -17.3],
              [-180, -17.8],
            ],
          ],
        ],
      },
    ],
  ]
  for (const [name, area] of across) {
    it(`${name} holds the pixels between its sides`, () => {
      for (const place of ['UTM over the antimeridian', 'degrees over the antimeridian'] as const) {
        const pixels = pixelsIn(area, grounds[place])
        assert.ok(pixels.some(({ isIn }) => isIn))
        for (const { lon, lat, isIn } of pixels) {
          const away = Math.abs(((lon + 360) % 360) - 180)
          assert.equal(isIn, away < 0.48 && lat > -17.8 && lat < -17.3, `${place} ${lon} ${lat}`)
        }
      }
    })
  }

  it('holds pixels at both ends of a map of the globe', () => {
    const pixels = pixelsIn(box(151, -61, -151, 61), grounds['degrees of the whole globe'])
    for (const { lon, lat, isIn } of pixels) {
      assert.equal(isIn, Math.abs(lon) > 151 && Math.abs(lat) < 61, `${lon} ${lat}`)
    }
  })

  it('has the bounds of the part near the scene', () => {
    const { scene, projection } = grounds['degrees over the antimeridian']
    const { bounds } = projectArea(box(179.52, -17.8, -179.52, -17.3), scene, projection)
    assert.deepEqual(bounds, [179.52, -17.8, 180.48, -17.3])
  })
})

describe('longitudes from 0 to 360', () => {
  it('are those from -180 to 180', () => {
    const where = grounds['UTM north']
    const one = count(box(-59.95, -3.17, -59.85, -3.11), where)
    assert.ok(one > 0 && one < ALL)
    assert.equal(count(box(300.05, -3.17, 300.15, -3.11), where), one)
  })
})

describe('a polygon around a pole', () => {
  const cap = (lat: number) =>
    polygon([
      [0, lat],
      [90, lat],
      [180, lat],
      [-90, lat],
      [0, lat],
    ])
  const turned = (lat: number) =>
    polygon([
      [0, lat],
      [-120, lat],
      [120, lat],
      [0, lat],
    ])

  for (const [name, area, pole, limit] of [
    ['the South Pole', cap(-80), 'the South Pole', -80],
    ['the South Pole, westward', turned(-75), 'the South Pole', -75],
    ['the North Pole', cap(88.5), 'the North Pole', 88.5],
    ['the North Pole, westward', turned(88), 'the North Pole', 88],
  ] as const) {
    it(`holds it: ${name}`, () => {
      const pixels = pixelsIn(area, grounds[pole])
      const isBeyond = (lat: number) => (limit < 0 ? lat < limit : lat > limit)
      // Its edges follow the parallel as straight pieces: within a hundredth of a degree of it nothing is promised.
      for (const { lon, lat, isIn } of pixels) {
        if (Math.abs(lat - limit) < 0.1) continue
        assert.equal(isIn, isBeyond(lat), `${lon} ${lat}`)
      }
      assert.ok(pixels.some(({ isIn }) => isIn) && pixels.some(({ isIn }) => !isIn))
    })
  }

  it('holds a scene that lies between it and the pole', () => {
    assert.equal(count(cap(-70), grounds['the Antarctic']), ALL)
  })

  it('with a hole around the pole leaves the hole out', () => {
    const hole = (lat: number): Ring => [
      [0, lat],
      [90, lat],
      [180, lat],
      [-90, lat],
      [0, lat],
    ]
    for (const { lat, isIn } of pixelsIn(
      polygon(hole(-75), hole(-85)),
      grounds['the South Pole'],
    )) {
      if (Math.abs(lat + 75) > 0.1 && Math.abs(lat + 85) > 0.1)
        assert.equal(isIn, lat < -75 && lat > -85)
    }
  })

  it('is outside of a scene at the other', () => {
    const { scene, projection } = grounds['the South Pole']
    assert.throws(() => projectArea(cap(80), scene, projection), outside)
  })
})

describe('a polygon far away is outside', () => {
  const rows: readonly (readonly [string, AreaGeometry])[] = [
    ['on another continent', box(10, 45, 12, 47)],
    ['at the antipodes', box(120, 3, 120.2, 3.2)],
    ['at the same longitude', box(-60, 40, -59.8, 41)],
    ['at a pole', box(-60, 89, -59, 90)],
  ]
  for (const [name, area] of rows) {
    it(name, () => {
      const { scene, projection } = grounds['UTM north']
      assert.throws(() => projectArea(area, scene, projection), outside)
    })
  }
})

describe('a polygon of', () => {
  it('a continent holds a scene in its middle', () => {
    const america = polygon([
      [-80, -4],
      [-70, -55],
      [-34, -8],
      [-60, 10],
      [-80, -4],
    ])
    assert.equal(count(america, grounds['UTM north']), ALL)
  })

  it('a continent with a hole around the scene holds nothing of it', () => {
    const area = polygon(
      [
        [-80, -30],
        [-40, -30],
        [-40, 10],
        [-80, 10],
        [-80, -30],
      ],
      [
        [-65, -8],
        [-55, -8],
        [-55, 2],
        [-65, 2],
        [-65, -8],
      ],
    )
    assert.equal(count(area, grounds['UTM north']), 0)
  })

  it('a world with a hole in the scene holds all but the hole', () => {
    const area = polygon(
      [
        [-180, -90],
        [180, -90],
        [180, 90],
        [-180, 90],
        [-180, -90],
      ],
      [
        [-59.95, -3.17],
        [-59.85, -3.17],
        [-59.85, -3.11],
        [-59.95, -3.11],
        [-59.95, -3.17],
      ],
    )
    const hole = count(box(-59.95, -3.17, -59.85, -3.11), grounds['UTM north'])
    assert.equal(count(area, grounds['UTM north']), ALL - hole)
  })

  it('no height, or none at all, holds no pixel', () => {
    assert.equal(count(box(-59.95, -3.15, -59.85, -3.15), grounds['UTM north']), 0)
    assert.equal(count(box(-59.95, -3.15, -59.95, -3.15), grounds['UTM north']), 0)
  })

  it('an unclosed ring is closed', () => {
    const open = polygon([
      [-59.95, -3.17],
      [-59.85, -3.17],
      [-59.85, -3.11],
      [-59.95, -3.11],
    ])
    assert.equal(
      count(open, grounds['UTM north']),
      count(box(-59.95, -3.17, -59.85, -3.11), grounds['UTM north']),
    )
  })
})
