// The other door to geotiff, behind which nothing of it is bundled but its names of GeoKeys: every raster asks for
// them, and next to none for a decoder.

import { globals } from 'geotiff'

/** Names of the GeoKeys that OGC 19-008 and its predecessor define, by number. */
export const geoKeyNames: ReadonlyMap<number, string> = new Map(
  Object.entries(globals.geoKeyNames).map(([id, name]) => [Number(id), name]),
)
