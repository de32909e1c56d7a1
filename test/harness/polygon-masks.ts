// Random polygons on random grids: the pixels that belong to them here, beside rasterio's own.

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { reduceArea } from '../../lib/geo/area.ts'
import { footprintOf } from '../../lib/geo/footprint.ts'
import { onGrid, projectArea } from '../../lib/geo/projected-area.ts'
import type { Grid, Transform } from '../../lib/model/grid.ts'
import { openProjection } from './crs.ts'
import { type Random, randomFrom } from './random.ts'
import { PYTHON } from './requires.ts'

type Position = readonly [lon: number, lat: number]
type Polygon = readonly (readonly Position[])[]

export interface PolygonCase {
  readonly name: string
  readonly epsg: number
  readonly transform: Transform
  readonly shape: readonly [rows: number, cols: number]
  /** Rings without jumps. */
  readonly parts: readonly Polygon[]
  /** The same as a caller may write them. */
  readonly written: object
}

/** Grids of 80 x 120 px around these places: two at the antimeridian, one near a pole, one in degrees. */
const grounds = [
  { epsg: 32631, lon: 3.004, lat: 48.75, pixel: 10 },
  { epsg: 32720, lon: -59.9, lat: -3.1, pixel: 30 },
  { epsg: 32760, lon: 180, lat: -17.5, pixel: 30 },
  { epsg: 32601, lon: 180, lat: 66, pixel: 60 },
  { epsg: 4326, lon: 180, lat: 52, pixel: 0.0004 },
  { epsg: 3031, lon: 100, lat: -75, pixel: 100 },
] as const

const [ROWS, COLS] = [80, 120]

export async function polygonCases(count: number, seed: number): Promise<PolygonCase[]> {
  const random = randomFrom(seed)
  const cases: PolygonCase[] = []
  for (let at = 0; at < count; at++) {
    const { epsg, lon, lat, pixel } = grounds[at % grounds.length]!
    const projection = await projectionOf(epsg)
    const [x, y] = epsg === 4326 ? [lon, lat] : projection.forward(lon, lat)
    const transform = [pixel, 0, x - (COLS / 2) * pixel, 0, -pixel, y + (ROWS / 2) * pixel] as const
    const toDegrees = ([col, row]: readonly [number, number]): Position => {
      const [degrees, north] = projection.inverse(
        transform[2] + col * pixel,
        transform[5] - row * pixel,
      )
      return [degrees + 360 * Math.round((lon - degrees) / 360), north]
    }
    const { name, polygons } = drawPolygons(random)
    const parts = polygons.map((rings) => rings.map((ring) => ring.map(toDegrees)))
    const written = writtenBySomebody(parts, random)
    cases.push({
      name: `${name}, EPSG:${epsg}`,
      epsg,
      transform,
      shape: [ROWS, COLS],
      parts,
      written,
    })
  }
  return cases
}

async function projectionOf(epsg: number) {
  const key = epsg === 4326 ? 'GeographicTypeGeoKey' : 'ProjectedCSTypeGeoKey'
  return openProjection({ [key]: epsg })
}

/** One mask a case, eight pixels a byte, as numpy.packbits writes them. */
export function rasterioMasks(cases: readonly PolygonCase[]): string[] {
  const script = fileURLToPath(new URL('../fixtures/polygon_masks.py', import.meta.url))
  const input = cases.map((each) => JSON.stringify(each)).join('\n')
  const options = { input, encoding: 'utf8', maxBuffer: 2 ** 28 } as const
  return execFileSync(PYTHON, ['-W', 'ignore', '-B', script], options).trim().split('\n')
}

export async function ownMask({ epsg, transform, shape, written }: PolygonCase): Promise<string> {
  const projection = await projectionOf(epsg)
  const grid: Grid = { crs: `EPSG:${epsg}`, transform, shape, level: 0 }
  const scene = footprintOf(grid, projection).bbox
  const area = projectArea(reduceArea(written), scene, projection)
  const polygon = onGrid(area.rings, grid)
  const packed = new Uint8Array(Math.ceil((ROWS * COLS) / 8))
  const inside = new Uint8Array(COLS)
  for (let row = 0; row < ROWS; row++) {
    polygon.markRow(row, inside)
    for (const [col, mark] of inside.entries()) {
      const at = row * COLS + col
      packed[at >> 3]! |= mark << (7 - (at & 7))
    }
  }
  return Buffer.from(packed).toString('hex')
}

type Pixels = readonly (readonly [col: number, row: number])[]

/** In columns and rows; some of it lies outside of the grid. */
function drawPolygons(random: Random): { name: string; polygons: readonly (readonly Pixels[])[] } {
  const one = () =>
    star(random, random.between(0, COLS), random.between(0, ROWS), 40, random.whole(3, 30))
  const shapes: Record<string, () => readonly (readonly Pixels[])[]> = {
    'a star': () => [[one()]],
    'stars that overlap': () => Array.from({ length: random.whole(2, 5) }, () => [one()]),
    'the same star twice': () => {
      const twice = one()
      return [[twice], [twice.toReversed()]]
    },
    'a star with a hole': () => {
      const [col, row] = [random.between(20, 100), random.between(20, 60)]
      return [[star(random, col, row, 50, 24), star(random, col, row, 15, 9)]]
    },
    'a hole with an island': () => {
      const [col, row] = [random.between(30, 90), random.between(30, 50)]
      const round = (radius: number) => star(random, col, row, radius, 40, 1)
      return [[round(38), round(25)], [round(12)]]
    },
    'a sliver': () => {
      const [from, to] = [point(random), point(random)]
      return [[[from, to, [to[0] + random.between(0, 2), to[1] + random.between(0, 2)]]]]
    },
    'a ring that crosses itself': () => [
      [Array.from({ length: random.whole(4, 9) }, () => point(random))],
    ],
    'boxes side by side': () => {
      const [a, b, c, d] = [
        random.between(5, 30),
        random.between(31, 60),
        random.between(61, 90),
        random.between(2, 30),
      ]
      return [[rectangle(a, d, b, d + 40)], [rectangle(b, d, c, d + 40)]]
    },
  }
  const name = random.pick(Object.keys(shapes))
  return { name, polygons: shapes[name]!() }
}

function point(random: Random): readonly [number, number] {
  return [random.between(-10, COLS + 10), random.between(-10, ROWS + 10)]
}

function star(
  random: Random,
  col: number,
  row: number,
  radius: number,
  corners: number,
  least = 0.3,
): Pixels {
  return Array.from({ length: corners }, (_, at) => {
    const angle = (2 * Math.PI * at) / corners
    const away = radius * random.between(least, 1.0001)
    return [col + away * Math.cos(angle), row + away * Math.sin(angle)] as const
  })
}

function rectangle(left: number, top: number, right: number, bottom: number): Pixels {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ]
}

/** Past 180 degrees, or with jumps; closed or open; as a MultiPolygon or as features; with heights or without. */
function writtenBySomebody(parts: readonly Polygon[], random: Random): object {
  const jumps = random.chance(0.5)
  const closed = random.chance(0.7)
  const height = random.chance(0.3) ? [random.whole(0, 900)] : []
  const position = ([lon, lat]: Position) => [
    jumps ? lon - 360 * Math.floor((lon + 180) / 360) : lon,
    lat,
    ...height,
  ]
  const coordinates = parts.map((rings) =>
    rings.map((ring) => [...ring, ...(closed ? ring.slice(0, 1) : [])].map(position)),
  )
  const polygons = coordinates.map((each) => ({ type: 'Polygon', coordinates: each }))
  if (polygons.length === 1 && random.chance(0.5)) return polygons[0]!
  const feature = (geometry: object) => ({ type: 'Feature', properties: null, geometry })
  return random.pick([
    { type: 'MultiPolygon', coordinates },
    { type: 'GeometryCollection', geometries: polygons },
    { type: 'FeatureCollection', features: polygons.map(feature) },
  ])
}
