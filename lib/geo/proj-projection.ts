// A projection by PROJ, and how exactly it places what lies in it.

import type { Proj } from './proj.ts'
import type { Pointer } from './proj-module.ts'
import type { Projection } from './projection.ts'

/** @returns null where PROJ knows no way between WGS 84 and the CRS */
export function projProjection(definition: string, proj: Proj): Projection | null {
  if (proj.operation(definition) === 0) return null
  // Asked for each time: PROJ keeps the definitions used last, and opens an older one again.
  const operation = () => proj.operation(definition)
  return {
    forward: (lon, lat) => proj.module.transform(operation(), 1, lon, lat),
    inverse: (x, y) => proj.module.transform(operation(), -1, x, y),
  }
}

/** The datum shift between WGS 84 and a CRS at one place. */
export interface DatumShift {
  /** As EPSG calls it. */
  readonly name: string
  /** Metres; null where nobody knows. */
  readonly accuracy: number | null
  /** File of a grid that PROJ would use if it were here. */
  readonly missingGrid: string | null
}

/** PJ_GRID_AVAILABILITY_USE of proj.h. */
const ONLY_WITH_GRIDS = 1
const WHATEVER_GRIDS = 2
/** PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION, as proj_create_crs_to_crs has it. */
const PARTIAL = 1
const FORWARD = 1

/** @returns null where both have the same datum, so that nothing is shifted */
export function datumShiftAt(
  definition: string,
  [lon, lat]: readonly [lon: number, lat: number],
  proj: Proj,
): DatumShift | null {
  const used = suggested(definition, ONLY_WITH_GRIDS, lon, lat, proj, (operation) =>
    describe(operation, proj),
  )
  if (used === null || used.isExact) return null
  const missingGrid = suggested(definition, WHATEVER_GRIDS, lon, lat, proj, (operation) =>
    gridOf(operation, proj),
  )
  return { name: used.name, accuracy: used.accuracy, missingGrid }
}

function suggested<T>(
  definition: string,
  grids: number,
  lon: number,
  lat: number,
  proj: Proj,
  use: (operation: Pointer) => T,
): T | null {
  const { module } = proj
  const { context } = module
  const factory = module.call('proj_create_operation_factory_context', context, 0)
  module.call('proj_operation_factory_context_set_spatial_criterion', context, factory, PARTIAL)
  module.call('proj_operation_factory_context_set_grid_availability_use', context, factory, grids)
  const [from, to] = [proj.pointer('EPSG:4326'), proj.pointer(definition)]
  const list = module.call('proj_create_operations', context, from, to, factory)
  module.call('proj_operation_factory_context_destroy', factory)
  if (list === 0) return null
  // EPSG:4326 counts latitude first.
  const place = module.place(lat, lon)
  const at = module.call('proj_get_suggested_operation', context, list, FORWARD, place)
  const operation = at < 0 ? 0 : module.call('proj_list_get', context, list, at)
  const result = operation === 0 ? null : use(operation)
  if (operation !== 0) proj.destroy(operation)
  module.call('proj_list_destroy', list)
  return result
}

function describe(operation: Pointer, { module }: Proj) {
  const { context } = module
  const accuracy = module.call('proj_coordoperation_get_accuracy', context, operation)
  const isBallpark =
    module.call('proj_coordoperation_has_ballpark_transformation', context, operation) === 1
  return {
    name: module.text(module.call('proj_get_name', operation)) ?? 'unnamed',
    accuracy: isBallpark ? null : accuracy,
    // A conversion has no accuracy of its own, for it is exact.
    isExact: !isBallpark && accuracy < 0,
  }
}

function gridOf(operation: Pointer, { module }: Proj): string | null {
  const { context } = module
  const count = module.call('proj_coordoperation_get_grid_used_count', context, operation)
  for (let index = 0; index < count; index++) {
    const name = module.withRoom(32, (room) => {
      const outs = [0, 4, 8, 12, 16, 20].map((offset) => room.at + offset)
      module.call('proj_coordoperation_get_grid_used', context, operation, index, ...outs)
      const isHere = room.integer(20) === 1
      return isHere ? null : room.text(0)
    })
    if (name !== null) return name
  }
  return null
}
