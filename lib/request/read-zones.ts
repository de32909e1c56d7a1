// Reads the zones of a series, each a Feature: in turns, for a thousand of them have a hundred thousand positions.

import { nextTurn, turnIsOver } from '../async/turns.ts'
import { reduceArea } from '../geo/area.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { Zone } from '../model/zones.ts'
import { type Fault, refusal } from './refusal.ts'

/** As long as the id of an item: each row of a series says it. */
const MOST_NAME = 256

/** @throws {GreenprintError} `invalid_request`, one detail line per fault */
export async function readZones(
  features: readonly JsonObject[],
  signal: AbortSignal,
): Promise<readonly Zone[]> {
  const zones: Zone[] = []
  const faults: Fault[] = []
  const ids = new Set<string>()
  for (const [at, feature] of features.entries()) {
    if (turnIsOver()) await nextTurn(signal)
    const path = ['features', at]
    const id = nameOf(feature) ?? String(at + 1)
    if (id.length > MOST_NAME) {
      faults.push({ path, message: `its name has ${id.length} letters: at most ${MOST_NAME}` })
      continue
    }
    try {
      zones.push({ id, geometry: reduceArea(feature) })
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      faults.push({ path, message: error.message })
      continue
    }
    if (ids.has(id)) {
      const message = `its name "${id.slice(0, 60)}" is that of another feature: give each an id of its own`
      faults.push({ path, message })
    }
    ids.add(id)
  }
  if (faults.length > 0) throw refusal(faults)
  return zones
}

/** A feature's `id`, else the property `id` or `name`. */
function nameOf({ id, properties }: JsonObject): string | null {
  const { id: own, name } = isJsonObject(properties) ? properties : {}
  for (const each of [id, own, name]) {
    if (typeof each === 'number' || (typeof each === 'string' && each !== '')) return String(each)
  }
  return null
}
