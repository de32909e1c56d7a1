// The box that a caller asks for, in any of the ways that the field writes one: west, south, east, north.

import type { Bbox } from '../model/grid.ts'
import { boundsOfPoints } from './bounds.ts'
import { eastEnd, TURNS, turnsOf } from './longitude.ts'

const ORDER = 'give west, south, east, north in degrees (WGS84)'

/**
 * Four numbers, or six with heights, which are left out (RFC 7946, 5). Longitudes may go on past 180 degrees; equal
 * boxes come out equal: west in [-180, 180), and west > east where the antimeridian is crossed.
 *
 * @throws {TypeError} with a clause that says what is wrong
 */
export function reduceBox(numbers: readonly number[]): Bbox {
  const [west = 0, south = 0, , fourth = 0, fifth = 0] = numbers
  const [east, north] = numbers.length === 6 ? [fourth, fifth] : [numbers[2] ?? 0, fourth]
  if (numbers.length !== 4 && numbers.length !== 6) {
    throw new TypeError(`must be four numbers (six with heights), not ${numbers.length}: ${ORDER}`)
  }
  const box = `[${numbers.join(', ')}]`
  if (![west, east].every((lon) => Math.abs(lon) <= 540) || Math.abs(south) > 90 || north > 90) {
    throw new TypeError(`${box} lies outside the globe: ${ORDER}`)
  }
  if (!(south < north)) throw new TypeError(`south must be less than north in ${box}: ${ORDER}`)
  if (west === east) throw new TypeError(`west and east must differ in ${box}: ${ORDER}`)
  const width = east > west ? east - west : east - west + 360
  if (!(width > 0 && width <= 360 + 1e-9)) {
    const wide = east > west ? 'is wider than the globe' : 'ends west of where it begins'
    throw new TypeError(`${box} ${wide}: ${ORDER}`)
  }
  if (width >= 360 - 1e-9) return [-180, south, 180, north]
  return [turned(west, turnsOf(west)), south, turned(east, eastTurns(east)), north]
}

/** East is in (-180, 180]: a box that ends on the antimeridian does not cross it. */
function eastTurns(east: number): number {
  return -turnsOf(-east)
}

/** A longitude a turn away, without the noise of the subtraction. */
function turned(lon: number, turn: number): number {
  return turn === 0 ? lon : Number((lon - turn).toFixed(9))
}

/** The smallest box around all boxes, on a plane; null around none. */
export function boxAround(boxes: readonly Bbox[]): Bbox | null {
  if (boxes.length === 0) return null
  return boundsOfPoints(
    boxes.flatMap(([west, south, east, north]) => [
      [west, south],
      [east, north],
    ]),
  )
}

/** Whether two boxes share a point, either of which may cross the antimeridian. */
export function boxesTouch(one: Bbox, other: Bbox): boolean {
  if (one[1] > other[3] || one[3] < other[1]) return false
  const [end, otherEnd] = [eastEnd(one), eastEnd(other)]
  return TURNS.some((turn) => one[0] <= otherEnd + turn && end >= other[0] + turn)
}

/** What two boxes have in common, either of which may cross the antimeridian: two boxes where they meet at both ends. */
export function sharedBoxes(one: Bbox, other: Bbox): Bbox[] {
  const [south, north] = [Math.max(one[1], other[1]), Math.min(one[3], other[3])]
  if (south >= north) return []
  return TURNS.flatMap((turn): Bbox[] => {
    const west = Math.max(one[0], other[0] + turn)
    const east = Math.min(eastEnd(one), eastEnd(other) + turn)
    return west < east
      ? [[turned(west, turnsOf(west)), south, turned(east, eastTurns(east)), north]]
      : []
  })
}
