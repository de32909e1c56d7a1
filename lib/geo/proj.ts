// What is asked of PROJ about CRSs: what a definition means, and whether two mean the same.

import { normalizeLongitude } from './longitude.ts'
import { loadProjModule, type Pointer, ProjError, type ProjModule } from './proj-module.ts'

/** What PROJ knows of a CRS; of a compound one of its horizontal part. */
export interface CrsFacts {
  readonly name: string
  /** `EPSG:<code>` or that of another authority; null where the definition has no code. */
  readonly code: string | null
  readonly kind: 'geographic' | 'projected' | 'other'
  /** `Earth`, or the name of another body. */
  readonly body: string
}

/** PJ_TYPE of proj.h. */
export const types = {
  geographic2D: 12,
  geographic3D: 13,
  projected: 15,
  compound: 16,
  bound: 19,
} as const
/** PJ_WKT_TYPE of proj.h. */
const dialects = { 'WKT2:2019': 2, ESRI: 5 } as const
/** PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS of proj.h. */
const SAME_BUT_FOR_AXIS_ORDER = 2
/** What people write is far shorter. */
const MAX_DEFINITION = 64 * 1024
/** Definitions that are kept open: a request has a few. */
const KEPT = 64

interface Known {
  readonly crs: Pointer
  readonly facts: CrsFacts
  /** From WGS 84 degrees to the CRS; opened on first use. */
  operation: Pointer | null
  /** Every way from WGS 84 to it, by which grids may be missing. */
  readonly candidates: Map<GridUse, Pointer>
}

/** PJ_GRID_AVAILABILITY_USE of proj.h: without a missing grid, or as if all were here. */
export type GridUse = 1 | 2

/** PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION, as proj_create_crs_to_crs has it. */
const PARTIAL = 1

/**
 * Definitions are a code with its authority, WKT of any dialect, PROJJSON or a PROJ string. All calls are synchronous;
 * pointers do not leave this room, so that old ones can be let go. Whatever PROJ does not know or cannot do is a
 * `ProjError` in its words.
 */
export class Proj {
  readonly module: ProjModule
  readonly #known = new Map<string, Known>()

  constructor(module: ProjModule) {
    this.module = module
  }

  facts(definition: string): CrsFacts {
    return this.#open(definition).facts
  }

  pointer(definition: string): Pointer {
    return this.#open(definition).crs
  }

  /** From WGS 84 (longitude, latitude in degrees) to x and y of the CRS; 0 where there is no way. */
  operation(definition: string): Pointer {
    const known = this.#open(definition)
    known.operation ??= this.#openOperation(known.crs)
    return known.operation
  }

  /** A list of the operations among which PROJ chooses at each place; 0 where there is none. */
  candidates(definition: string, grids: GridUse): Pointer {
    const { crs, candidates } = this.#open(definition)
    const found = candidates.get(grids)
    if (found !== undefined) return found
    const { module } = this
    const { context } = module
    const factory = module.call('proj_create_operation_factory_context', context, 0)
    module.call('proj_operation_factory_context_set_spatial_criterion', context, factory, PARTIAL)
    module.call('proj_operation_factory_context_set_grid_availability_use', context, factory, grids)
    const list = module.call(
      'proj_create_operations',
      context,
      this.pointer('EPSG:4326'),
      crs,
      factory,
    )
    module.call('proj_operation_factory_context_destroy', factory)
    candidates.set(grids, list)
    return list
  }

  /** The middle of the area for which a CRS is made; null where that is not known. */
  middleOf(definition: string): readonly [lon: number, lat: number] | null {
    const { module } = this
    const crs = this.pointer(definition)
    return module.withRoom(32, (room) => {
      const outs = [0, 8, 16, 24].map((offset) => room.at + offset)
      const found = module.call('proj_get_area_of_use', module.context, crs, ...outs, 0)
      const [west = 0, south = 0, east = 0, north = 0] = [0, 8, 16, 24].map((at) => room.number(at))
      // PROJ writes -1000 where nobody knows it.
      if (found !== 1 || west < -360) return null
      const end = east < west ? east + 360 : east
      return [normalizeLongitude((west + end) / 2), (south + north) / 2]
    })
  }

  /** Whether two definitions mean the same, whatever they are called and however they order their axes. */
  isSame(one: string, other: string): boolean {
    const { context } = this.module
    const [left, right] = [this.pointer(one), this.pointer(other)]
    return (
      this.module.call(
        'proj_is_equivalent_to_with_ctx',
        context,
        left,
        right,
        SAME_BUT_FOR_AXIS_ORDER,
      ) === 1
    )
  }

  projjson(definition: string): string | null {
    return this.projjsonOf(this.pointer(definition))
  }

  /** As a raster counts it: x to the east (or west) first, where the definition begins with the other. */
  projjsonEastFirst(definition: string): string | null {
    const { context } = this.module
    const crs = this.pointer(definition)
    const eastFirst = this.module.call('proj_normalize_for_visualization', context, crs)
    if (eastFirst === 0) return null
    const text = this.projjsonOf(eastFirst)
    this.destroy(eastFirst)
    return text
  }

  /** On one line. */
  wkt(definition: string, dialect: keyof typeof dialects): string | null {
    const crs = this.pointer(definition)
    return this.module.withText('MULTILINE=NO', (option) =>
      this.module.withRoom(8, (options) => {
        options.setPointers([option, 0])
        const { context } = this.module
        const text = this.module.call('proj_as_wkt', context, crs, dialects[dialect], options.at)
        return this.module.text(text)
      }),
    )
  }

  destroy(object: Pointer): void {
    this.module.call('proj_destroy', object)
  }

  #open(definition: string): Known {
    const found = this.#known.get(definition)
    if (found !== undefined) return found
    if (definition.length > MAX_DEFINITION) throw new ProjError('the definition is too long')
    const crs = this.#horizontal(definition)
    const facts = this.#describe(crs)
    const known: Known = { crs, facts, operation: null, candidates: new Map() }
    this.#known.set(definition, known)
    for (const [oldest, old] of this.#known) {
      if (this.#known.size <= KEPT) break
      this.#known.delete(oldest)
      this.destroy(old.crs)
      if (old.operation !== null) this.destroy(old.operation)
      for (const list of old.candidates.values()) this.module.call('proj_list_destroy', list)
    }
    return known
  }

  #horizontal(definition: string): Pointer {
    const { context } = this.module
    const whole = this.module.withText(definition, (text) =>
      this.module.call('proj_create', context, text),
    )
    if (whole === 0) throw new ProjError('not a definition')
    if (this.module.call('proj_is_crs', whole) !== 1) throw new ProjError('not a CRS')
    if (this.module.call('proj_get_type', whole) !== types.compound) return whole
    const horizontal = this.module.call('proj_crs_get_sub_crs', context, whole, 0)
    this.destroy(whole)
    return horizontal
  }

  #openOperation(crs: Pointer): Pointer {
    const { context } = this.module
    const degrees = this.pointer('EPSG:4326')
    const plain = this.module.call('proj_create_crs_to_crs_from_pj', context, degrees, crs, 0, 0)
    if (plain === 0) return 0
    const eastFirst = this.module.call('proj_normalize_for_visualization', context, plain)
    this.destroy(plain)
    return eastFirst
  }

  #describe(crs: Pointer): CrsFacts {
    const { context } = this.module
    const body = this.module.call('proj_get_celestial_body_name', context, crs)
    return {
      name: this.module.text(this.module.call('proj_get_name', crs)) ?? 'unnamed',
      code: this.codeOf(crs),
      kind: this.#kindOf(crs),
      body: this.module.text(body) ?? 'Earth',
    }
  }

  #kindOf(crs: Pointer): CrsFacts['kind'] {
    const type = this.module.call('proj_get_type', crs)
    if (type === types.geographic2D || type === types.geographic3D) return 'geographic'
    if (type === types.projected) return 'projected'
    if (type !== types.bound) return 'other'
    const base = this.module.call('proj_get_source_crs', this.module.context, crs)
    const kind = base === 0 ? 'other' : this.#kindOf(base)
    if (base !== 0) this.destroy(base)
    return kind
  }

  codeOf(object: Pointer): string | null {
    const authority = this.module.text(this.module.call('proj_get_id_auth_name', object, 0))
    const code = this.module.text(this.module.call('proj_get_id_code', object, 0))
    return authority === null || code === null ? null : `${authority}:${code}`
  }

  projjsonOf(object: Pointer): string | null {
    const { context } = this.module
    return this.module.text(this.module.call('proj_as_projjson', context, object, 0))
  }
}

let opened: { readonly module: ProjModule; readonly proj: Proj } | undefined

/** PROJ's WebAssembly and its database: a third of a second, once a process. */
export async function loadProj(): Promise<Proj> {
  const module = await loadProjModule()
  if (opened?.module !== module) opened = { module, proj: new Proj(module) }
  return opened.proj
}
