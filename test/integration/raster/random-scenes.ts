// Made-up scenes anywhere on Earth and random requests for them, the same on every run.

import type { Projection } from '../../../lib/geo/projection.ts'
import type { Bbox } from '../../../lib/model/grid.ts'
import type { AreaGeometry, MaskClass } from '../../../lib/model/request.ts'
import { openProjection } from '../../harness/crs.ts'
import type { Asked } from '../../harness/numbers.ts'
import type { Random } from '../../harness/random.ts'

type Position = readonly [lon: number, lat: number]

/** A grid on the ground. */
export interface Site {
  readonly epsg: number
  /** Rows, columns. */
  readonly size: readonly [number, number]
  readonly transform: readonly [number, number, number, number, number, number]
  readonly projection: Projection
}

interface Spot {
  readonly epsg: number
  readonly lon: number
  readonly lat: number
}

/** Projections of all kinds that scenes come in, and where a scene may lie in them. */
const spots = {
  // Landsat names northern zones on both sides of the equator.
  north: (random) => inZone(32600, random.between(-60, 83), random),
  south: (random) => inZone(32700, random.between(-80, 0), random),
  antimeridian: (random) => ({
    epsg: random.pick([32601, 32660, 32701, 32760, 4326]),
    lon: random.between(179.6, 180.4),
    lat: random.between(-70, 70),
  }),
  arctic: (random) => ({ epsg: 3995, lon: anywhere(random), lat: random.between(60, 89) }),
  antarctic: (random) => ({ epsg: 3031, lon: anywhere(random), lat: random.between(-89, -60) }),
  // Around the pole or close to it.
  poles: (random) => {
    const [epsg, side] = random.pick([[3995, 1] as const, [3031, -1] as const])
    return { epsg, lon: anywhere(random), lat: side * (90 - random.pick([0, 0.05, 0.4, 1])) }
  },
  degrees: (random) => ({ epsg: 4326, lon: anywhere(random), lat: random.between(-80, 80) }),
  mercator: (random) => ({ epsg: 3857, lon: anywhere(random), lat: random.between(-80, 80) }),
} as const satisfies Readonly<Record<string, (random: Random) => Spot>>

export type Kind = keyof typeof spots
export const siteKinds: readonly Kind[] = [
  'north',
  'south',
  'antimeridian',
  'arctic',
  'antarctic',
  'poles',
  'degrees',
  'mercator',
]

function inZone(codes: number, lat: number, random: Random): Spot {
  const zone = random.whole(1, 60)
  return { epsg: codes + zone, lon: zone * 6 - 183 + random.between(-4, 4), lat }
}

/** The antimeridian has a kind of its own. */
function anywhere(random: Random): number {
  return random.between(-170, 170)
}

export async function randomSite(kind: Kind, random: Random): Promise<Site> {
  const { epsg, lon, lat } = spots[kind](random)
  const key = epsg === 4326 ? 'GeographicTypeGeoKey' : 'ProjectedCSTypeGeoKey'
  const projection = await openProjection({ [key]: epsg })
  const size = [random.whole(1, 140), random.whole(1, 140)] as const
  const metres = random.pick(kind === 'poles' ? [300, 1000] : [10, 20, 30, 30, 60, 237.5])
  const pixel = epsg === 4326 ? metres / 1e5 : metres
  // A geographic grid goes on beyond 180.
  const [x, y] = epsg === 4326 ? [lon, lat] : projection.forward(lon, lat)
  const snap = (value: number) => Math.round(value / pixel) * pixel
  const left = snap(x - (size[1] / 2) * pixel)
  const top = snap(y + (size[0] / 2) * pixel)
  return { epsg, size, transform: [pixel, 0, left, 0, -pixel, top], projection }
}

/** Degrees, in [-180, 180], of a place given in columns and rows of a site. */
function positionAt(
  { projection, transform: [a, , c, , e, f] }: Site,
  col: number,
  row: number,
): Position {
  const [lon, lat] = projection.inverse(c + a * col, f + e * row)
  return [Number((((lon + 540) % 360) - 180).toFixed(7)), Number(lat.toFixed(7))]
}

/** @param classes that the scene's quality band knows; none where it has none */
export function randomRequest(site: Site, classes: readonly MaskClass[], random: Random): Asked {
  const longest = Math.max(...site.size)
  const max_size = random.chance(0.4) ? 'full' : random.whole(1, longest + 20)
  const mask = classes.filter(() => random.chance(0.4))
  const area = random.pick(['all', 'box', 'box', 'polygon', 'polygon', 'polygon'] as const)
  return {
    max_size,
    mask,
    ...(area === 'box' ? { bbox: randomBox(site, random) } : {}),
    ...(area === 'polygon' ? { geometry: randomGeometry(site, random) } : {}),
  }
}

/** Around a pixel of the site at least, in places far beyond it. */
function randomBox(site: Site, random: Random): Bbox {
  const [rows, cols] = site.size
  const [row, col] = [random.between(0, rows), random.between(0, cols)]
  const [height, width] = [rows, cols].map((side) => side * random.between(0, 0.8))
  const corners = [
    positionAt(site, col - (width ?? 0), row - (height ?? 0)),
    positionAt(site, col + (width ?? 0), row + (height ?? 0)),
  ]
  const middle = positionAt(site, col, row)
  const lons = corners.map(([lon]) => lon + 360 * Math.round((middle[0] - lon) / 360))
  const lats = corners.map(([, lat]) => lat)
  const onMap = (lon: number) => Number((((lon + 540) % 360) - 180).toFixed(7))
  // A box of no height is none: a schema refuses it before anybody asks.
  const south = Math.min(...lats)
  const north = Math.max(Math.max(...lats), south + 1e-7)
  return [onMap(Math.min(...lons)), south, onMap(Math.max(...lons) + 1e-7), north]
}

function randomGeometry(site: Site, random: Random): AreaGeometry {
  const [rows, cols] = site.size
  const one = () => {
    const [row, col] = [random.between(0, rows), random.between(0, cols)]
    const radius = Math.max(rows, cols) * random.between(0.02, 0.7)
    const outer = star(site, [col, row], radius, random)
    const holes = random.chance(0.4) ? [star(site, [col, row], radius * 0.3, random)] : []
    return [outer, ...holes]
  }
  if (random.chance(0.6)) return { type: 'Polygon', coordinates: one() }
  // They may lie over one another: even-odd is even-odd.
  return { type: 'MultiPolygon', coordinates: Array.from({ length: random.whole(1, 3) }, one) }
}

/** A closed ring around a place, now and then one that crosses itself. */
function star(site: Site, [col, row]: Position, radius: number, random: Random): Position[] {
  const corners = random.whole(3, 9)
  const stride = random.chance(0.2) && corners % 2 === 1 ? 2 : 1
  const ring = Array.from({ length: corners }, (_, at) => {
    const angle = ((at * stride + random.between(0, 0.7)) / corners) * 2 * Math.PI
    const away = radius * random.between(0.3, 1)
    return positionAt(site, col + away * Math.cos(angle), row + away * Math.sin(angle))
  })
  return [...ring, ...ring.slice(0, 1)]
}
