// From what is to be done with a scene to the order that does it.

import { GreenprintError } from '../errors.ts'
import type { FingerprintOrder } from '../model/fingerprint-request.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { NdviOrder } from '../model/request.ts'
import type { Trust } from '../model/scene.ts'
import { type Task, tasks } from '../model/tasks.ts'
import { readFingerprintBody, readNdviBody } from '../request/read.ts'

/** What is done where nobody says it. */
const defaultTasks: readonly Task[] = ['ndvi']

/** @throws {GreenprintError} `invalid_request` */
export function readTasks(value: unknown): readonly Task[] {
  if (value === undefined) return defaultTasks
  const named = Array.isArray(value) ? value : []
  const known = tasks.filter((task) => named.includes(task))
  if (known.length > 0 && known.length === new Set(named).size) return known
  throw new GreenprintError(
    'invalid_request',
    `"do": ${JSON.stringify(value)?.slice(0, 60)} is not a list of what can be done: ${tasks.join(', ')}.`,
  )
}

/** Fields of POST /fingerprint that POST /ndvi does not have. */
const OF_FINGERPRINTS = ['profile']
const shared = ['item', 'search', 'assets', 'pin', ...OF_FINGERPRINTS]

/** Who ordered it: `own` events are the operator's, messages of topics and queues are anybody's. */
export interface Ordering {
  readonly wanted: readonly Task[]
  readonly isOwn: boolean
  /** By what the scene's content is known; absent where it was not looked up. */
  readonly known?: Trust
}

/**
 * The order of a scene. Results of events are published unless they say otherwise. Where both are wanted, the
 * fingerprint's job submits the NDVI's: the files are read once.
 *
 * @param body `item` or `search`, and any field of what is to be done
 * @throws {GreenprintError} `invalid_request`
 */
export function orderOf(
  body: unknown,
  { wanted, isOwn, known = 'cid' }: Ordering,
): NdviOrder | FingerprintOrder {
  const fields: JsonObject = isJsonObject(body) ? body : {}
  if (!wanted.includes('fingerprint')) {
    const order = ndviOf(body)
    const isSaid = fields['trust'] === 'transport' || (isOwn && fields['trust'] !== undefined)
    return isSaid ? order : { ...order, trust: known }
  }
  const next = wanted.includes('ndvi') ? ndviOf(without(fields, OF_FINGERPRINTS)) : null
  const own = next === null ? fields : only(fields, shared)
  const { request, pin } = readFingerprintBody(own)
  return {
    kind: 'fingerprint',
    request,
    pin: pin ?? true,
    ...(next === null ? {} : { next: [next] }),
  }
}

function ndviOf(body: unknown): NdviOrder {
  const { request, trust, pin } = readNdviBody(body)
  return { request, trust, pin: pin ?? true }
}

function without(fields: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))
}

function only(fields: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)))
}
