// Which faults of a job pass by themselves, and how a fault is written into its record.

import { type ErrorCode, GreenprintError } from '../errors.ts'
import type { JobReason } from './job.ts'

/** Faults outside of a job, which another attempt may not meet again. All others lie in the request or its scene. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'invalid_configuration',
  'item_unreachable',
  'search_failed',
  'content_unavailable',
  'publishing_failed',
  'store_failed',
  'queue_failed',
  'deadline_exceeded',
])

/** An unforeseen error may be a lack of memory as well as a bug: it is tried again too. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof GreenprintError) || passing.has(error.code)
}

/** Messages of other errors than ours may hold paths or secrets: they stay out of the record. */
export function reasonOf(error: unknown): JobReason {
  if (error instanceof GreenprintError) {
    return { code: error.code, message: error.message, details: error.details }
  }
  return { code: 'internal', message: 'An internal error occurred. It was logged.', details: [] }
}

export function afterAttempts(reason: JobReason, attempts: number): JobReason {
  return { ...reason, message: `Given up after ${attempts} attempts. ${reason.message}` }
}
