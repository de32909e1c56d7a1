// The schema of a point, and its reader.

import type { TileSource } from '../model/tile.ts'
import { checked } from './read.ts'
import { readTileSource, tileSchema } from './tile-schema.ts'
import * as z from './zod.ts'

const { item, search, root, names, assets, scale, mask, trust } = tileSchema.shape

export const pointSchema = z.strictObject({
  lon: z.number().min(-180).max(360).meta({ description: 'longitude, degrees' }),
  lat: z.number().min(-90).max(90).meta({ description: 'latitude, degrees' }),
  item,
  search,
  root: root.meta({
    description:
      'CID of a result that has a `cog`, instead of a scene: its published value is told',
  }),
  names,
  assets,
  scale,
  mask,
  trust,
})

export interface AskedPoint {
  readonly place: readonly [lon: number, lat: number]
  readonly source: TileSource
}

/** @throws {GreenprintError} `invalid_request`, one detail line per fault */
export function readPointFields(fields: Readonly<Record<string, unknown>>): AskedPoint {
  const { lon, lat } = checked(pointSchema, fields)
  const { lon: _, lat: _lat, ...others } = fields
  const source = readTileSource(others)
  if (source.kind === 'result' || source.request.search === undefined) {
    return { place: [lon, lat], source }
  }
  // A search without an area of its own looks for scenes of the place.
  const { search: sought, ...request } = source.request
  const isPlaced = sought.bbox !== undefined || sought.intersects !== undefined
  const near = isPlaced
    ? sought
    : { ...sought, intersects: { type: 'Point', coordinates: [lon, lat] } }
  return { place: [lon, lat], source: { ...source, request: { ...request, search: near } } }
}
