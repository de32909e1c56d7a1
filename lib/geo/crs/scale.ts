// The scale of a map's projection, where it is one that no map has.

import { isProjjson, type Projjson } from './projjson.ts'

/** Of all maps of EPSG and ESRI: from 0.9 to 1.1. */
const MOST = 2

/**
 * The scale factor of a projection that would shrink or stretch the ground beyond all maps; null where there is none.
 * EPSG 13.102 counts that of San Francisco CS13 (EPSG:6996, 6997) in parts per million.
 *
 * @param crs as PROJJSON, without a datum shift around it
 */
export function impossibleScale(crs: Projjson): number | null {
  const conversion = crs['conversion']
  const given: unknown = isProjjson(conversion) ? conversion['parameters'] : null
  const parameters: readonly unknown[] = Array.isArray(given) ? given : []
  for (const parameter of parameters.filter(isProjjson)) {
    const { name, value, unit } = parameter
    if (typeof name !== 'string' || !name.startsWith('Scale factor')) continue
    const size = isProjjson(unit) ? unit['conversion_factor'] : 1
    const scale = Number(value) * (typeof size === 'number' ? size : 1)
    // A grid that counts to the south may have a negative one.
    if (!(Math.abs(scale) >= 1 / MOST && Math.abs(scale) <= MOST)) return scale
  }
  return null
}
