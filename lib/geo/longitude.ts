// Longitudes across the antimeridian: the same meridian has one more longitude each turn of the globe.

import type { Bbox } from '../model/grid.ts'

/** Turns, in degrees, that bring any two longitudes of [-360, 360] together. */
export const TURNS = [-360, 0, 360] as const

/** Whole turns, in degrees, by which a longitude lies outside [-180, 180). */
export function turnsOf(lon: number): number {
  return 360 * Math.floor((lon + 180) / 360)
}

/** The longitude of the same meridian in [-180, 180). */
export function normalizeLongitude(lon: number): number {
  return lon - turnsOf(lon)
}

/** The longitude of the same meridian within half a turn of another. */
export function longitudeNear(lon: number, other: number): number {
  return lon + 360 * Math.round((other - lon) / 360)
}

/** East end of a box, beyond 180 where the box crosses the antimeridian (west > east). */
export function eastEnd([west, , east]: Bbox): number {
  return east < west ? east + 360 : east
}

type Position = readonly number[]
type Unwrapped = [lon: number, ...rest: number[]]

/**
 * A line of positions that lie close together, without jumps: each is within half a turn of the one before, the first
 * stays as it is.
 */
export function unwrapDense(line: readonly Position[]): Unwrapped[] {
  let before = line[0]?.[0] ?? 0
  return line.map(([lon = 0, ...rest]) => {
    before = longitudeNear(lon, before)
    return [before, ...rest]
  })
}

/**
 * A line as GeoJSON writes it, without jumps. Its edges may be long, so this is not `unwrapDense`: an edge longer than
 * half the globe goes the other way round, but one from -180 to 180 is the whole circle.
 */
export function unwrapDrawn(line: readonly Position[]): Unwrapped[] {
  const turns = turnsDrawn(line)
  return line.map(([lon = 0, ...rest], at) => [lon + turns[at]!, ...rest])
}

/** Of each of its positions, the degrees by which `unwrapDrawn` turns it. */
export function turnsDrawn(line: readonly Position[]): number[] {
  let turned = 0
  return line.map(([lon = 0], at) => {
    const step = lon - (line[at - 1]?.[0] ?? lon)
    if (Math.abs(step) > 180 && Math.abs(step) < 360) turned -= 360 * Math.sign(step)
    return turned
  })
}
