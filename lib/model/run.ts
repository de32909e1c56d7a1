// What the computation of an NDVI may do, and whom it tells.

import type { Tell } from './progress.ts'

export interface Run {
  /** Computes even a result that is known. */
  readonly fresh: boolean
  /** Called when a step begins, and with its progress (0 to 1) where that is known. */
  readonly tell: Tell
  /** Whether who asks may have files read whole for their CIDs, and this deployment's credentials spent. */
  readonly isTrusted: boolean
  /** Time for reading whole files; reading that would take longer is refused before it begins. */
  readonly mostMs: number
  /** Pixels of the largest grid that this run may compute, within `maxPixels` of the deployment. */
  readonly mostPixels: number
}

/** What a run may do that nobody waits for, on behalf of somebody who may have jobs. */
export const unlimited = { isTrusted: true, mostMs: Infinity, mostPixels: Infinity } as const
/** What a run may do that reads files whose CIDs are known, and makes none. */
export const withoutRights = { isTrusted: false, mostMs: 0, mostPixels: Infinity } as const
