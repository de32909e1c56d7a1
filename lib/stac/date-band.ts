// The band of source dates as STAC describes it.

import { NO_NUMBER } from '../cog/int-tile.ts'
import type { JsonObject } from '../model/json.ts'

export const dateBand: JsonObject = {
  name: 'date',
  description: 'Day on which the pixel was observed, UTC, counted from 1970-01-01',
  unit: 'd',
  data_type: 'int32',
  nodata: NO_NUMBER,
  'raster:sampling': 'area',
}
