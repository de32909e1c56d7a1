// The box of an item as it tells it itself.

import type { Bbox } from '../model/grid.ts'
import type { JsonObject } from '../model/json.ts'

/** West, south, east, north without heights; null where it tells none. */
export function boxOfItem({ bbox }: JsonObject): Bbox | null {
  const numbers = (Array.isArray(bbox) ? bbox : []).filter((side) => typeof side === 'number')
  if (numbers.length !== 4 && numbers.length !== 6) return null
  const [west = 0, south = 0] = numbers
  const [east = 0, north = 0] = numbers.slice(numbers.length / 2)
  const isPlaced = [west, east].every((lon) => Math.abs(lon) <= 540) && south <= north
  return isPlaced && Math.abs(south) <= 90 && Math.abs(north) <= 90
    ? [west, south, east, north]
    : null
}
