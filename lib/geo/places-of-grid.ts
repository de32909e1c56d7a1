// What of a grid has a place on Earth, where not all of it has: a hemisphere's corners lie beyond the globe.

import { GreenprintError } from '../errors.ts'
import { type Bbox, type Grid, gridBounds } from '../model/grid.ts'
import { normalizeLongitude } from './longitude.ts'
import type { Projection } from './projection.ts'

/** Places looked at along each side, edges included. */
const LATTICE = 43

/**
 * The smallest box around the places of a grid, seen on a lattice; west > east crosses the antimeridian.
 *
 * @throws {GreenprintError} `raster_unusable` where none has a place
 */
export function boundsOfPlaces(grid: Grid, projection: Projection): Bbox {
  const [left, bottom, right, top] = gridBounds(grid)
  const shares = Array.from({ length: LATTICE }, (_, at) => at / (LATTICE - 1))
  const places = shares
    .flatMap((across) =>
      shares.map((down) =>
        projection.inverse(left + (right - left) * across, top + (bottom - top) * down),
      ),
    )
    .filter(([lon, lat]) => Number.isFinite(lon) && Number.isFinite(lat))
  if (places.length === 0) {
    throw new GreenprintError(
      'raster_unusable',
      'No part of the grid has a place on Earth in its CRS: one of the two is wrong.',
    )
  }
  const lats = places.map(([, lat]) => lat)
  const poles = [90, -90].filter((pole) => hasPole(pole, grid, projection))
  const [south, north] = [Math.min(...lats, ...poles), Math.max(...lats, ...poles)]
  if (poles.length > 0) return [-180, south, 180, north]
  const meridian = shares.map((share) => south + (north - south) * share)
  const isOnGrid = (lon: number) =>
    meridian.some((lat) => isInside(projection.forward(normalizeLongitude(lon), lat), grid))
  const lons = places.map(([lon]) => normalizeLongitude(lon))
  const [west, east] = smallestArc(lons, isOnGrid) ?? [-180, 180]
  return [west, south, east, north]
}

/** Degrees: a narrower gap is none. */
const GAP = 1

/**
 * All but the widest gap between neighbours around the globe; null where there is none. On a map of the world columns
 * of the lattice are further apart than some gaps are wide.
 */
function smallestArc(
  lons: readonly number[],
  isOnGrid: (lon: number) => boolean,
): [west: number, east: number] | null {
  const sorted = lons.toSorted((one, other) => one - other)
  const gaps = sorted.map((east, at) => {
    const west = sorted[at + 1] ?? sorted[0]! + 360
    return { west, east, width: west - east }
  })
  const widest = gaps
    .filter(({ width }) => width >= GAP)
    .toSorted((one, other) => other.width - one.width)
    .find(({ east, width }) => !isOnGrid(east + width / 2))
  return widest === undefined ? null : [normalizeLongitude(widest.west), widest.east]
}

/** The pole that a grid has, of those whose outline goes once around the globe. */
export function poleIn(grid: Grid, projection: Projection): 90 | -90 {
  if (hasPole(90, grid, projection)) return 90
  if (hasPole(-90, grid, projection)) return -90
  const [left, bottom, right, top] = gridBounds(grid)
  const [, lat] = projection.inverse((left + right) / 2, (bottom + top) / 2)
  return lat < 0 ? -90 : 90
}

function hasPole(pole: number, grid: Grid, projection: Projection): boolean {
  return isInside(projection.forward(0, pole), grid)
}

function isInside([x, y]: readonly [x: number, y: number], grid: Grid): boolean {
  const [left, bottom, right, top] = gridBounds(grid)
  return x >= left && x <= right && y >= bottom && y <= top
}
