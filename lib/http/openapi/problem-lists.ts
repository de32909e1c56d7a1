// What several operations may tell alike.

import type { ErrorCode } from '../../errors.ts'

/** Of a request that becomes a job, or may become one. */
export const orderProblems: readonly ErrorCode[] = [
  'invalid_request',
  'cross_site',
  'unauthorized',
  'publishing_disabled',
  'host_refused',
  'too_large',
  'invalid_configuration',
  'store_failed',
  'queue_failed',
  'deadline_exceeded',
]

/** Of finding and reading a scene, whatever is made of it then. */
export const readingProblems: readonly ErrorCode[] = [
  'invalid_request',
  'cross_site',
  'unauthorized',
  'publishing_disabled',
  'host_refused',
  'not_found',
  'scene_not_found',
  'too_large',
  'item_invalid',
  'asset_missing',
  'asset_unusable',
  'content_unusable',
  'checksum_mismatch',
  'login_needed',
  'source_refused',
  'raster_unusable',
  'grids_differ',
  'outside_scene',
  'radiometry_unknown',
  'mask_unavailable',
  'store_failed',
  'item_unreachable',
  'search_failed',
  'content_unavailable',
  'source_changed',
  'deadline_exceeded',
]

/** Of what reads scenes and publishes what it makes of them, now or as a job. */
export const computingProblems: readonly ErrorCode[] = [
  ...readingProblems,
  ...orderProblems,
  'fingerprint_needed',
  'car_invalid',
  'publishing_failed',
]
