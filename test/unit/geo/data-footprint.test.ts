// The ground of what is observed: around the pixels that are not fill, of few corners, cut by the asked polygon.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { polygonsOf, reduceArea } from '../../../lib/geo/area.ts'
import { dataFootprint } from '../../../lib/geo/data-footprint.ts'
import { footprintOf } from '../../../lib/geo/footprint.ts'
import { intersectionOf, squareDegrees } from '../../../lib/geo/polygon-set.ts'
import type { Grid } from '../../../lib/model/grid.ts'
import type { AreaGeometry, Ring } from '../../../lib/model/request.ts'
import { DataCells } from '../../../lib/pixels/data-cells.ts'
import { openProjection } from '../../harness/crs.ts'
import { randomFrom } from '../../harness/random.ts'

const [ROWS, COLS] = [300, 400]

async function ground(epsg: number, left: number, top: number, pixel: number) {
  const projection = await openProjection({ ProjectedCSTypeGeoKey: epsg })
  const transform = [pixel, 0, left, 0, -pixel, top] as const
  const grid: Grid = { crs: `EPSG:${epsg}`, transform, shape: [ROWS, COLS], level: 0 }
  return { grid, projection, whole: footprintOf(grid, projection) }
}

const plain = await ground(32631, 500_000, 5_400_000, 10)

function outline(
  isData: (row: number, col: number) => boolean,
  asked: AreaGeometry | null = null,
  { grid, projection, whole } = plain,
) {
  const cells = new DataCells([ROWS, COLS])
  const rows = 50
  for (let from = 0; from < ROWS; from += rows) {
    const observed = Uint8Array.from({ length: rows * COLS }, (_, at) =>
      Number(isData(from + Math.floor(at / COLS), at % COLS)),
    )
    cells.add(from, observed)
  }
  return dataFootprint(grid, projection, whole, cells.finish(), asked)
}

const sizeOf = (geometry: object) => squareDegrees(polygonsOf(reduceArea(geometry)))
const whole = sizeOf(plain.whole.geometry)
const share = (geometry: object) => sizeOf(geometry) / whole
const corners = (geometry: object) => polygonsOf(reduceArea(geometry)).flat(2).length

describe('the geometry', () => {
  it('is that of the grid where nothing is fill, or everything', () => {
    assert.deepEqual(
      outline(() => true),
      plain.whole,
    )
    assert.deepEqual(
      outline(() => false),
      plain.whole,
    )
  })

  it('follows what is not fill', () => {
    const lower = outline((row) => row >= ROWS / 2)
    assert.ok(Math.abs(share(lower.geometry) - 0.5) < 0.002, String(share(lower.geometry)))
    assert.ok(
      lower.bbox[3] < plain.whole.bbox[3] - 0.01 &&
        Math.abs(lower.bbox[1] - plain.whole.bbox[1]) < 1e-6,
    )
    const swath = outline((row, col) => row - col > 0 && row - col < 150)
    assert.ok(Math.abs(share(swath.geometry) - (150 * 225) / (ROWS * COLS)) < 0.01)
    assert.ok(corners(swath.geometry) <= 210)
  })

  it('has outer rings alone', () => {
    const ring = outline((row, col) => Math.abs(row - 150) > 40 || Math.abs(col - 200) > 40)
    assert.ok(Math.abs(share(ring.geometry) - 1) < 0.002)
    const hole = outline((row, col) => {
      const away = Math.hypot(row - 150, col - 200)
      return away < 100 && away > 50
    })
    assert.ok(Math.abs(share(hole.geometry) - (Math.PI * 100 ** 2) / (ROWS * COLS)) < 0.01)
  })

  it('has two parts where the data has', () => {
    const { geometry } = outline((_, col) => col < 100 || col >= 300)
    assert.equal(geometry['type'], 'MultiPolygon')
    assert.ok(Math.abs(share(geometry) - 0.5) < 0.005)
  })

  it('has at most 200 corners, whatever the fill', () => {
    const random = randomFrom(9)
    const specks = Uint8Array.from({ length: ROWS * COLS }, () => Number(random.chance(0.02)))
    const { geometry } = outline((row, col) => specks[row * COLS + col] === 1)
    assert.ok(corners(geometry) <= 240, String(corners(geometry)))
    assert.ok(share(geometry) > 0.5)
    const stripes = outline((row, col) => (row + Math.floor(col / 3)) % 12 > 4)
    assert.ok(corners(stripes.geometry) <= 240 && share(stripes.geometry) > 0.57)
  })

  it('is cut by the asked polygon', () => {
    const [west, south, east, north] = plain.whole.bbox
    const middle = (south + north) / 2
    const ring: Ring = [
      [west, south],
      [east, south],
      [east, middle],
      [west, middle],
    ]
    const asked = reduceArea({ type: 'Polygon', coordinates: [ring] })
    const { geometry, bbox } = outline((_, col) => col < COLS / 2, asked)
    assert.ok(Math.abs(share(geometry) - 0.25) < 0.01)
    assert.ok(bbox[3] <= middle + 1e-9)
    const alone = outline(() => true, asked)
    const cut = squareDegrees(
      intersectionOf(polygonsOf(asked), polygonsOf(reduceArea(plain.whole.geometry))),
    )
    assert.ok(Math.abs(sizeOf(alone.geometry) - cut) < 1e-9)
  })

  it('is cut at the antimeridian, and its box crosses it', async () => {
    const far = await ground(32760, 816_000, 8_000_000, 30)
    const { geometry, bbox } = outline((row) => row < 200, null, far)
    assert.equal(geometry['type'], 'MultiPolygon')
    assert.ok(bbox[0] > 179 && bbox[2] < -179)
    assert.ok(Math.abs(sizeOf(geometry) / sizeOf(far.whole.geometry) - 2 / 3) < 0.01)
  })

  it('of a grid that hangs over the poles stays on the globe', async () => {
    const projection = await openProjection({ GeographicTypeGeoKey: 4326 })
    const transform = [0.9, 0, -180.45, 0, -0.605, 90.75] as const
    const grid: Grid = { crs: 'EPSG:4326', transform, shape: [ROWS, COLS], level: 0 }
    const globe = { grid, projection, whole: footprintOf(grid, projection) }
    for (const isData of [() => true, (row: number) => row < 150]) {
      const { geometry } = outline(isData, null, globe)
      assert.ok(geometry['type'] === 'Polygon' || geometry['type'] === 'MultiPolygon')
    }
    const north = outline((row) => row < 150, null, globe)
    assert.ok(
      polygonsOf(reduceArea(north.geometry))
        .flat(2)
        .every(([, lat]) => Math.abs(lat) <= 90),
    )
  })
})
