// Which faults of a job pass by themselves, and how a fault is written into its record.

import { type ErrorCode, GreenprintError } from '../errors.ts'
import type { JobReason } from './job.ts'

/**
 * Whether a fault lies outside of a job, so that another attempt may not meet it again; all others lie in the request,
 * its scene or the files of it. A file that changed is told: what was ordered was of the file as it was.
 */
const passes: Readonly<Record<ErrorCode, boolean>> = {
  invalid_request: false,
  invalid_configuration: true,
  unauthorized: false,
  publishing_disabled: false,
  fingerprint_needed: false,
  cross_site: false,
  not_found: false,
  method_not_allowed: false,
  not_acceptable: false,
  not_cached: false,
  condition_failed: false,
  too_large: false,
  unsupported_media_type: false,
  misdirected: false,
  item_invalid: false,
  item_unreachable: true,
  host_refused: false,
  search_failed: true,
  scene_not_found: false,
  asset_missing: false,
  asset_unusable: false,
  content_unusable: false,
  content_unavailable: true,
  checksum_mismatch: false,
  login_needed: false,
  source_refused: false,
  source_changed: false,
  raster_unusable: false,
  grids_differ: false,
  outside_scene: false,
  radiometry_unknown: false,
  mask_unavailable: false,
  car_invalid: false,
  publishing_failed: true,
  store_failed: true,
  queue_failed: true,
  deadline_exceeded: true,
}

/** An unforeseen error may be a lack of memory as well as a bug: it is tried again too. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof GreenprintError) || passes[error.code]
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
