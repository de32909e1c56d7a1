// The quality bands that products have: which bits or classes stand for what a caller wants masked.

import type { MaskClass } from '../model/request.ts'
import type { QaLayout } from '../model/scene.ts'

interface QaTable {
  /** Bits of each class, or numbers that stand for it; a class that is neither is not told by the band. */
  readonly bits?: Readonly<Partial<Record<MaskClass, number>>>
  readonly values?: Readonly<Partial<Record<MaskClass, readonly number[]>>>
  /** No observation: bits, or numbers. */
  readonly fill: { readonly bit?: number; readonly value?: number }
  readonly saturated: readonly number[]
}

/** Landsat Collection 1 has none: its bits mean other things, and nearly every pixel would be masked. */
export const qaTables: Readonly<Record<Exclude<QaLayout, 'landsat-c1'>, QaTable>> = {
  // https://www.usgs.gov/landsat-missions/landsat-collection-2-quality-assessment-bands
  'landsat-c2': {
    bits: { dilated_cloud: 1, cirrus: 2, cloud: 3, cloud_shadow: 4, snow: 5, water: 7 },
    fill: { bit: 0 },
    saturated: [],
  },
  // Fmask of HLS v2.0, user guide table 9; bit 0 (cirrus) is reserved there and never set.
  'hls-fmask': {
    bits: { dilated_cloud: 2, cirrus: 0, cloud: 1, cloud_shadow: 3, snow: 4, water: 5 },
    fill: { value: 255 },
    saturated: [],
  },
  // Scene classification of Sentinel-2 L2A: https://sentiwiki.copernicus.eu/web/s2-processing
  'sentinel-2-scl': {
    values: { cirrus: [10], cloud: [8, 9], cloud_shadow: [3], snow: [11], water: [6] },
    fill: { value: 0 },
    saturated: [1],
  },
  // Fmask of Geoscience Australia's analysis-ready data: 1 is valid.
  'ga-fmask': {
    values: { cloud: [2], cloud_shadow: [3], snow: [4], water: [5] },
    fill: { value: 0 },
    saturated: [],
  },
}

/** Names under which items describe the same class, in lower case with underscores. */
export const classNames: Readonly<Record<MaskClass | 'fill' | 'saturated', readonly string[]>> = {
  dilated_cloud: [
    'dilated_cloud',
    'dilated_clouds',
    'dilated',
    'adjacent',
    'adjacent_cloud',
    'adjacent_to_cloud',
    'adjacent_to_cloud_shadow',
    'adjacent_to_cloud_or_shadow',
    'pixel_adjacent_to_cloud',
    'pixel_is_adjacent_to_cloud',
    'cloud_adjacent',
    'cloud_dilated',
  ],
  cirrus: ['cirrus', 'thin_cirrus', 'cirrus_cloud', 'thin_cirrus_cloud'],
  cloud: [
    'cloud',
    'clouds',
    'cloudy',
    'cloud_medium_probability',
    'cloud_high_probability',
    'cloud_medium_prob',
    'cloud_high_prob',
    'clouds_medium_probability',
    'clouds_high_probability',
    'medium_probability_clouds',
    'high_probability_clouds',
    'medium_proba_clouds',
    'high_proba_clouds',
    'opaque_cloud',
    'opaque_clouds',
    'thick_cloud',
    'thick_clouds',
  ],
  cloud_shadow: ['cloud_shadow', 'cloud_shadows', 'clouds_shadows', 'shadow', 'shadows'],
  snow: ['snow', 'snow_ice', 'snow_or_ice', 'snow_and_ice', 'ice'],
  water: ['water', 'open_water'],
  fill: ['fill', 'nodata', 'no_data', 'designated_fill', 'null', 'missing', 'no_observation'],
  saturated: ['saturated', 'saturated_or_defective'],
}
