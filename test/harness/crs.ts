// The projection of a CRS, opened as a raster's is.

import assert from 'node:assert/strict'
import { type Crs, crsOfKeys } from '../../lib/geo/crs/crs.ts'
import type { GeoKeys } from '../../lib/geo/crs/geo-keys.ts'
import type { Projection } from '../../lib/geo/projection.ts'

export async function openCrs(keys: GeoKeys): Promise<Crs> {
  const crs = await crsOfKeys(keys)
  assert.ok(crs !== null, 'the keys name no CRS')
  return crs
}

export async function openProjection(keys: GeoKeys): Promise<Projection> {
  return (await openCrs(keys)).projection
}
