// What else is in PROJ's database: units, ellipsoids, meridians, conversions by their codes, CRSs by their names.

import { type Proj, types } from './proj.ts'
import type { Pointer } from './proj-module.ts'

/** PJ_CATEGORY of proj.h: objects that have a code. */
const categories = { ellipsoid: 0, primeMeridian: 1, operation: 4 } as const

/** PROJJSON of an object of EPSG that is not a CRS; null where there is none. */
export function projjsonOfCode(
  category: keyof typeof categories,
  code: number,
  proj: Proj,
): string | null {
  const { module } = proj
  const object = module.call(
    'proj_create_from_database',
    module.context,
    'EPSG',
    String(code),
    categories[category],
    0,
    0,
  )
  if (object === 0) return null
  const json = proj.projjsonOf(object)
  proj.destroy(object)
  return json
}

/** A unit of EPSG: how many metres or radians it has. */
export function unitOfCode(
  code: number,
  { module }: Proj,
): { readonly name: string; readonly size: number } | null {
  return module.withRoom(16, (room) => {
    const found = module.call(
      'proj_uom_get_info_from_database',
      module.context,
      'EPSG',
      String(code),
      room.at + 8,
      room.at,
      0,
    )
    return found === 1 ? { name: room.text(8) ?? '', size: room.number(0) } : null
  })
}

/** The code of the one CRS of a kind that is called so, in any authority's words; null where there is none or several. */
export function codeOfName(
  name: string,
  kind: 'geographic' | 'projected',
  proj: Proj,
): string | null {
  const { module } = proj
  const type = kind === 'geographic' ? types.geographic2D : types.projected
  const list = module.withText(name, (text) =>
    module.withRoom(4, (room) => {
      room.setPointers([type])
      return module.call('proj_create_from_name', module.context, 0, text, room.at, 1, 0, 20, 0)
    }),
  )
  const found = new Set(codesIn(list, proj))
  return found.size === 1 ? ([...found][0] ?? null) : null
}

/** Codes of the objects of a list, which is let go. */
function codesIn(list: Pointer, proj: Proj): (string | null)[] {
  if (list === 0) return []
  const { module } = proj
  const count = module.call('proj_list_get_count', list)
  const codes = Array.from({ length: count }, (_, index) => {
    const object = module.call('proj_list_get', module.context, list, index)
    const code = proj.codeOf(object)
    proj.destroy(object)
    return code
  })
  module.call('proj_list_destroy', list)
  return codes
}
