// What the jobs of a series share or carry, kept under its hash: a job's record stays small however much it names.

import { GreenprintError } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { unsignedJson } from '../model/unsigned-url.ts'
import type { Zone } from '../model/zones.ts'
import type { DigestRecords } from '../store/digest-records.ts'

export interface KeptInputs {
  readonly inputs: DigestRecords
}

/** @returns what they are asked by. @throws {GreenprintError} `store_failed` */
export function keepZones(
  zones: readonly Zone[],
  { inputs }: KeptInputs,
  signal: AbortSignal,
): Promise<string> {
  return inputs.put(zonesRecord(zones), signal)
}

/** As they are kept: by the hash of this as canonical JSON. */
export function zonesRecord(zones: readonly Zone[]): JsonObject {
  return { zones: zones.map(({ id, geometry }) => ({ id, geometry: { ...geometry } })) }
}

/** @throws {GreenprintError} `store_failed` where they are not kept any more */
export async function keptZones(
  digest: string,
  { inputs }: KeptInputs,
  signal: AbortSignal,
): Promise<readonly Zone[]> {
  const record = await inputs.get(digest, signal)
  if (isRecordOf('zones', record)) return record.zones
  throw lost(digest)
}

/**
 * Without what signs their addresses: whoever works on them signs for itself.
 *
 * @param items by observation
 * @returns what they are asked by. @throws {GreenprintError} `store_failed`
 */
export function keepItems(
  items: readonly (readonly JsonObject[])[],
  { inputs }: KeptInputs,
  signal: AbortSignal,
): Promise<string> {
  return inputs.put({ items: unsignedJson(items) }, signal)
}

/** @throws {GreenprintError} `store_failed` where they are not kept any more */
export async function keptItems(
  digest: string,
  { inputs }: KeptInputs,
  signal: AbortSignal,
): Promise<readonly (readonly JsonObject[])[]> {
  const record = await inputs.get(digest, signal)
  if (isRecordOf('items', record)) return record.items
  throw lost(digest)
}

interface Shapes {
  readonly zones: readonly Zone[]
  readonly items: readonly (readonly JsonObject[])[]
}

/** Records are written here only: their shape is ours. */
function isRecordOf<Name extends keyof Shapes>(
  name: Name,
  record: unknown,
): record is Pick<Shapes, Name> {
  return isJsonObject(record) && Array.isArray(record[name])
}

function lost(digest: string): GreenprintError {
  return new GreenprintError(
    'store_failed',
    `The inputs ${digest} of this job are not in the store any more: ask for the series again.`,
  )
}
