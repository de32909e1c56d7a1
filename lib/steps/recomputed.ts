// What computing a published result again takes, and what comes of it.

import type { Tell } from '../model/progress.ts'
import type { Scratch } from '../store/disk/scratch.ts'
import type { FileContent } from '../store/file-content.ts'
import type { PublishedClaim } from './describe-verification.ts'
import type { SourceServices } from './open-published.ts'
import type { Provenance } from './provenance.ts'

export interface Recomputed {
  readonly claim: PublishedClaim
  readonly files: ReadonlyMap<string, FileContent>
  readonly provenance: Provenance
}

export interface RecomputingServices extends SourceServices {
  /** Pixels of the largest grid of this deployment. */
  readonly maxPixels: number
}

export interface RecomputingRun {
  readonly scratch: Scratch
  readonly tell: Tell
  /** Whether who asks may spend this deployment's credentials. */
  readonly isTrusted: boolean
  /** Pixels of the largest grid that this run may compute, within `maxPixels` of the deployment. */
  readonly mostPixels: number
}
