// A job's record as it is read: as it is written now, or as it was written before orders, and a job lives 30 days.

import { GreenprintError } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { NdviOrder, NdviRequest } from '../model/request.ts'
import type { Job } from './job.ts'

/** With all of the order in its request, as it was written before 0.2.0. */
type EarlierJob = Omit<Job, 'order'> & {
  readonly request: NdviRequest & Omit<NdviOrder, 'request'>
}

/** @throws {GreenprintError} `store_failed` for what is not the record of a job */
export function readJob(record: unknown): Job {
  if (isJob(record)) return record
  if (isEarlierJob(record)) return withOrder(record)
  throw new GreenprintError('store_failed', 'The record of a job in the store is damaged.')
}

function withOrder({ request: whole, ...job }: EarlierJob): Job {
  const { pin, by, resolved, ...request } = whole
  const order: NdviOrder = {
    request,
    pin,
    ...(by === undefined ? {} : { by }),
    ...(resolved === undefined ? {} : { resolved }),
  }
  return { ...job, order }
}

/** Records are written here only: what is asked is enough to tell one from another kind of record. */
function isJob(record: unknown): record is Job {
  return isJobOf(record, 'order') && isJsonObject(record['order']['request'])
}

function isEarlierJob(record: unknown): record is EarlierJob {
  return isJobOf(record, 'request') && typeof record['request']['pin'] === 'boolean'
}

function isJobOf<Field extends string>(
  record: unknown,
  field: Field,
): record is Record<Field, JsonObject> {
  return (
    isJsonObject(record) && typeof record['attempts'] === 'number' && isJsonObject(record[field])
  )
}
