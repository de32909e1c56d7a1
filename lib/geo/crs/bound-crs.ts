// The datum shift that a GeoTIFF brings along (GeogTOWGS84GeoKey), around its CRS.

import type { Proj } from '../proj.ts'
import type { GeoKeys } from './geo-keys.ts'
import { metre, type Projjson, parseProjjson, type Unit } from './projjson.ts'

const arcSecond: Unit = {
  type: 'AngularUnit',
  name: 'arc-second',
  conversion_factor: Math.PI / 648_000,
}
const partsPerMillion: Unit = {
  type: 'ScaleUnit',
  name: 'parts per million',
  conversion_factor: 1e-6,
}

/** A CRS with the datum shift that the keys bring along: metres, arc seconds, parts per million; else as it is. */
export function withShift(crs: Projjson, keys: GeoKeys, proj: Proj): Projjson {
  const shift = keys['GeogTOWGS84GeoKey']
  const list: readonly unknown[] =
    ArrayBuffer.isView(shift) || Array.isArray(shift) ? Object.values(shift) : []
  const values = list.filter((value) => typeof value === 'number')
  if (values.length !== 3 && values.length !== 7) return crs
  const names = [
    'X-axis translation',
    'Y-axis translation',
    'Z-axis translation',
    'X-axis rotation',
    'Y-axis rotation',
    'Z-axis rotation',
    'Scale difference',
  ]
  const units = [metre, metre, metre, arcSecond, arcSecond, arcSecond, partsPerMillion]
  const parameters = values.map((value, index) => ({
    name: names[index],
    value,
    unit: units[index],
    id: { authority: 'EPSG', code: 8605 + index },
  }))
  const method =
    values.length === 3
      ? { name: 'Geocentric translations (geog2D domain)', id: { authority: 'EPSG', code: 9603 } }
      : {
          name: 'Position Vector transformation (geog2D domain)',
          id: { authority: 'EPSG', code: 9606 },
        }
  return {
    type: 'BoundCRS',
    source_crs: crs,
    target_crs: parseProjjson(proj.projjson('EPSG:4326')),
    transformation: { name: 'to WGS 84, as the file says', method, parameters },
  }
}
