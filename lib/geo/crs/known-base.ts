// A CRS of words upon the base that EPSG has under the same name.

import type { Proj } from '../proj.ts'
import { ProjError } from '../proj-module.ts'
import { codeOfName } from '../proj-registry.ts'
import { isProjjson, parseProjjson } from './projjson.ts'

/**
 * The definition itself where PROJ can write a way to WGS 84 from it, else the same upon EPSG's own base: words name
 * the datum of ETRS89 as one frame, whose ways its WebAssembly cannot write, and the code has an ensemble of frames.
 *
 * @throws {ProjError} in PROJ's words where there is no such base
 */
export function computableOf(definition: string, proj: Proj): string {
  try {
    proj.operation(definition)
    return definition
  } catch (error) {
    const known = error instanceof ProjError ? onKnownBase(definition, proj) : null
    if (known === null) throw error
    return known
  }
}

/** null where the base has no name that EPSG knows, or means something else. */
function onKnownBase(definition: string, proj: Proj): string | null {
  const crs = parseProjjson(proj.projjson(definition))
  const base = crs?.['base_crs']
  if (crs === null || !isProjjson(base) || typeof base['name'] !== 'string') return null
  const code = codeOfName(base['name'], 'geographic', proj)
  if (code === null || !proj.isSame(code, JSON.stringify(base))) return null
  return JSON.stringify({ ...crs, base_crs: parseProjjson(proj.projjson(code)) })
}
