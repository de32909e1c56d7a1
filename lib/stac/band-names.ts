// The names that bands go by: of each product's own numbering, and the common names of the eo extension.

import { type Sensor, sensorOf } from '../products/product.ts'
import type { Item } from './item.ts'

export type BandRole = 'red' | 'nir'

/**
 * Names of the band in each product's own numbering (docs/numbers.md#n1), best first. A number without its sensor
 * names nothing: B4 is red on OLI and near infrared on TM, B05 is near infrared on HLS L30 and red edge on S30.
 */
const ownNames: Readonly<Record<BandRole, Readonly<Record<Sensor, readonly string[]>>>> = {
  red: {
    oli: ['red', 'B4'],
    tm: ['red', 'B3'],
    mss: ['red'],
    // Earth Engine writes no zero.
    msi: ['red', 'B04', 'B4'],
    l30: ['red', 'B04'],
    s30: ['red', 'B04'],
  },
  nir: {
    oli: ['nir08', 'B5'],
    tm: ['nir08', 'B4'],
    mss: ['nir08'],
    // Its nir08 is B8A at 20 m, another grid than red's 10 m; nir_1 is Geoscience Australia's name of B08.
    msi: ['nir', 'nir_1', 'B08', 'B8'],
    l30: ['B05', 'nir_narrow', 'nir08'],
    s30: ['B8A', 'nir08', 'nir_narrow'],
  },
}

/** For products that are not in the table, and as the second choice for those in it. */
const commonNames: Readonly<Record<BandRole, readonly string[]>> = {
  red: ['red'],
  nir: ['nir', 'nir08'],
}

export interface BandNames {
  readonly own: readonly string[]
  readonly common: readonly string[]
}

/** In lower case, best first. */
export function bandNamesOf(item: Item, role: BandRole): BandNames {
  const sensor = sensorOf(item)
  return {
    own: (sensor === null ? [] : ownNames[role][sensor]).map((name) => name.toLowerCase()),
    common: commonNames[role],
  }
}

/** Every name that is looked for, best first, for the error that says so. */
export function namesOf(role: BandRole, item: Item): string[] {
  const sensor = sensorOf(item)
  return [...new Set([...(sensor === null ? [] : ownNames[role][sensor]), ...commonNames[role]])]
}

/**
 * The band's name in the key of an asset: without what publishers put around it, `SR_` and `nbart_` before it, the
 * resolution, `-jp2` or the end of a file's name after it, the product's name in front of all. In lower case.
 */
export function nameInKey(key: string): string {
  return key
    .toLowerCase()
    .replace(/\.(tiff?|jp2)$/, '')
    .replace(/-jp2$/, '')
    .replace(/_\d{2}m$/, '')
    .replace(/^l[cotem]\d{2}_l\w+_(?=(sr_)?b\d+a?$)/, '')
    .replace(/^(sr|toa|nbart|nbar)_/, '')
}
