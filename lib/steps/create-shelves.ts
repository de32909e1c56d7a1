// The shelves of a process, which outlive its requests: how much of each, and for how long.

import type { Clock } from '../async/clock.ts'
import { Shelf } from '../async/shelf.ts'
import { TileCache } from '../cog/tile-cache.ts'
import type { OpenShelves } from './map-services.ts'

/** Scenes that a process holds open for the tiles of maps: each is some headers and tables of places. */
const OPEN_SCENES = 32
const OPEN_MS = 10 * 60 * 1000
/** An item at an address, or what a search finds, may be another one after that. */
const FOUND_MS = 60 * 1000
/** Unpacked tiles of scenes. */
const TILE_BYTES = 96 * 1024 * 1024

export function createShelves(clock: Clock): OpenShelves {
  const open = { most: OPEN_SCENES, mostMs: OPEN_MS, clock }
  return {
    found: new Shelf({ most: 8 * OPEN_SCENES, mostMs: FOUND_MS, clock }),
    scenes: new Shelf(open),
    results: new Shelf(open),
    tiles: new TileCache(TILE_BYTES),
  }
}
