// What the axes of a raster in a CRS are called and count, from its coordinate system as PROJJSON.

import type { MapAxis } from '../../model/map-axis.ts'
import { isProjjson, type Projjson } from './projjson.ts'

/** @param crs whose first axis goes along the rows of a raster */
export function axesOf(crs: Projjson): readonly [x: MapAxis, y: MapAxis] {
  const system = crs['coordinate_system']
  const given: unknown = isProjjson(system) ? system['axis'] : null
  const [x, y] = Array.isArray(given) ? given : []
  return [axisOf(x, 'x'), axisOf(y, 'y')]
}

function axisOf(axis: unknown, otherwise: string): MapAxis {
  if (!isProjjson(axis)) return { name: otherwise, unit: 'map units' }
  const { name, unit } = axis
  const unitName = isProjjson(unit) ? unit['name'] : unit
  return {
    // Every longitude is geodetic here.
    name:
      typeof name === 'string' && name !== '' ? capital(name.replace(/^Geodetic /, '')) : otherwise,
    unit: typeof unitName === 'string' ? unitName : 'map units',
  }
}

function capital(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1)
}
