// A projection by PROJ, and how exactly it places what lies in it.

import type { GridUse, Proj } from './proj.ts'
import { type Pointer, ProjError } from './proj-module.ts'
import type { Projection } from './projection.ts'

const NOWHERE: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
/** Degrees: the last digits of a pole. A polyconic of the world comes back from beyond it where it lies upon itself. */
const ROUNDING = 1e-9

/** @returns null where PROJ knows no way between WGS 84 and the CRS and back, or none that it can compute */
export function projProjection(definition: string, proj: Proj): Projection | null {
  if (proj.operation(definition) === 0) return null
  if (!isComputable(definition, proj)) return null
  // Asked for each time: PROJ keeps the definitions used last, and opens an older one again.
  const operation = () => proj.operation(definition)
  return {
    forward: (lon, lat) => placed(() => proj.module.transform(operation(), 1, lon, lat)),
    inverse(x, y) {
      const place = placed(() => proj.module.transform(operation(), -1, x, y))
      return Math.abs(place[1]) <= 90 + ROUNDING ? place : NOWHERE
    },
  }
}

/** PROJ_ERR_COORD_TRANSFM and the faults under it, of proj.h: the place is at fault. Others are the operation's. */
const FAULTS_OF_PLACES = 2048

/**
 * Whether both ways can be computed in the middle of the CRS's area: a parameter beyond the reach of its method
 * (ESRI:54025), or an inverse that PROJ lacks, is not found before the first place.
 */
function isComputable(definition: string, proj: Proj): boolean {
  const { module } = proj
  const [lon, lat] = proj.middleOf(definition) ?? [0, 0]
  const operation = proj.operation(definition)
  const isOperationAtFault = (direction: 1 | -1, x: number, y: number) => {
    const fault = module.fault(operation, direction, x, y)
    return fault !== 0 && (fault & FAULTS_OF_PLACES) === 0
  }
  if (isOperationAtFault(1, lon, lat)) return false
  const [x, y] = module.transform(operation, 1, lon, lat)
  return !(Number.isFinite(x) && Number.isFinite(y) && isOperationAtFault(-1, x, y))
}

/** PROJ throws for a few places that an operation cannot take; they have none. */
function placed(transform: () => [number, number]): [number, number] {
  try {
    return transform()
  } catch (error) {
    if (error instanceof ProjError) return NOWHERE
    throw error
  }
}

/** The datum shift between WGS 84 and a CRS at one place. */
export interface DatumShift {
  /** As EPSG calls it. */
  readonly name: string
  /** Metres; null where nobody knows. */
  readonly accuracy: number | null
  /** Whether the place lies in the area for which the shift is known. */
  readonly isInArea: boolean
}

const ONLY_WITH_GRIDS = 1
const WHATEVER_GRIDS = 2
const FORWARD = 1
/** PJ_TYPE_CONVERSION: a projection upon the same datum. */
const CONVERSION = 21

/** @returns null where both have the same datum, so that nothing is shifted */
export function datumShiftAt(
  definition: string,
  [lon, lat]: readonly [lon: number, lat: number],
  proj: Proj,
): DatumShift | null {
  const used = suggested(definition, ONLY_WITH_GRIDS, lon, lat, proj, (operation, isInArea) => ({
    ...describe(operation, proj),
    isInArea,
  }))
  if (used === null || used.isExact) return null
  const { name, accuracy, isInArea } = used
  return { name, accuracy, isInArea }
}

/** File of a grid that PROJ would use at a place if it were here; null where it would use none. */
export function missingGridAt(
  definition: string,
  [lon, lat]: readonly [lon: number, lat: number],
  proj: Proj,
): string | null {
  return suggested(definition, WHATEVER_GRIDS, lon, lat, proj, (operation) =>
    gridOf(operation, proj),
  )
}

function suggested<T>(
  definition: string,
  grids: GridUse,
  lon: number,
  lat: number,
  proj: Proj,
  use: (operation: Pointer, isInArea: boolean) => T,
): T | null {
  const { module } = proj
  const { context } = module
  const list = proj.candidates(definition, grids)
  if (list === 0) return null
  // EPSG:4326 counts latitude first.
  const place = module.place(lat, lon)
  const at = module.call('proj_get_suggested_operation', context, list, FORWARD, place)
  // Outside of the areas of all, PROJ takes the first.
  const operation = module.call('proj_list_get', context, list, Math.max(0, at))
  const result = operation === 0 ? null : use(operation, at >= 0)
  if (operation !== 0) proj.destroy(operation)
  return result
}

function describe(operation: Pointer, { module }: Proj) {
  const { context } = module
  const accuracy = module.call('proj_coordoperation_get_accuracy', context, operation)
  const isBallpark =
    module.call('proj_coordoperation_has_ballpark_transformation', context, operation) === 1
  return {
    name: module.text(module.call('proj_get_name', operation)) ?? 'unnamed',
    accuracy: isBallpark || accuracy < 0 ? null : accuracy,
    isExact: module.call('proj_get_type', operation) === CONVERSION,
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
