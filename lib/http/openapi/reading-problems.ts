// What finding and reading a scene may tell, whatever is made of it then.

import type { ErrorCode } from '../../errors.ts'

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
