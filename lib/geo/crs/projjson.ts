// PROJJSON, the form in which a CRS is put together for PROJ: the parts that GeoKeys name.

/** Nothing of it is looked into here but what this room wrote itself. */
export type Projjson = Readonly<Record<string, unknown>>

export interface Unit {
  readonly type: 'LinearUnit' | 'AngularUnit' | 'ScaleUnit'
  readonly name: string
  readonly conversion_factor: number
}

export const metre: Unit = { type: 'LinearUnit', name: 'metre', conversion_factor: 1 }
export const degree: Unit = {
  type: 'AngularUnit',
  name: 'degree',
  conversion_factor: Math.PI / 180,
}
export const unity: Unit = { type: 'ScaleUnit', name: 'unity', conversion_factor: 1 }

export function parseProjjson(text: string | null): Projjson | null {
  if (text === null) return null
  const value: unknown = JSON.parse(text)
  return isProjjson(value) ? value : null
}

export function isProjjson(value: unknown): value is Projjson {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** x to the east, y to the north, whatever the order of the code's own axes: a GeoTIFF counts so. */
export function eastNorth(unit: Unit): Projjson {
  return {
    subtype: 'Cartesian',
    axis: [
      { name: 'Easting', abbreviation: 'E', direction: 'east', unit },
      { name: 'Northing', abbreviation: 'N', direction: 'north', unit },
    ],
  }
}

/** x to the west, y to the south, as South Africa counts. */
export function westSouth(unit: Unit): Projjson {
  return {
    subtype: 'Cartesian',
    axis: [
      { name: 'Westing', abbreviation: 'Y', direction: 'west', unit },
      { name: 'Southing', abbreviation: 'X', direction: 'south', unit },
    ],
  }
}

export function lonLat(unit: Unit): Projjson {
  return {
    subtype: 'ellipsoidal',
    axis: [
      { name: 'Longitude', abbreviation: 'lon', direction: 'east', unit },
      { name: 'Latitude', abbreviation: 'lat', direction: 'north', unit },
    ],
  }
}

/** The CRS itself, of one that brings its datum shift along. */
export function unboundOf(crs: Projjson): Projjson {
  const source = crs['source_crs']
  return isProjjson(source) ? source : crs
}

/** Unit of the first axis of a CRS. */
export function unitOf(crs: Projjson | null): Unit | null {
  const system = crs?.['coordinate_system']
  const axes = isProjjson(system) ? system['axis'] : null
  const first: unknown = Array.isArray(axes) ? axes[0] : null
  const unit = isProjjson(first) ? first['unit'] : null
  if (unit === 'metre') return metre
  if (unit === 'degree') return degree
  if (!isProjjson(unit)) return null
  const { type, name, conversion_factor: factor } = unit
  if (typeof factor !== 'number') return null
  return {
    type: type === 'LinearUnit' ? 'LinearUnit' : 'AngularUnit',
    name: String(name),
    conversion_factor: factor,
  }
}

/** The same object, no longer called by a code: it is about to be changed. */
export function withoutCode(object: Projjson): Projjson {
  const { id: _, ...rest } = object
  return rest
}

/** The same CRS with another unit on its axes; its code no longer says what it is. */
export function withUnit(own: Projjson, unit: Unit): Projjson {
  const crs = withoutCode(own)
  const system = crs['coordinate_system']
  if (!isProjjson(system)) return crs
  const axes: readonly unknown[] = Array.isArray(system['axis']) ? system['axis'] : []
  const axis = axes.map((one) => (isProjjson(one) ? { ...one, unit } : one))
  return { ...crs, coordinate_system: { ...system, axis } }
}
