// From a published result to the same result computed again, on one page, and what of the two differs.

import type { Verification } from './model/verification.ts'
import type { VerifyOrder } from './model/verify-request.ts'
import { packDirectory } from './publish/directory.ts'
import type { Publishing } from './publish/publish-result.ts'
import type { Results } from './publish/results.ts'
import { isJointItem } from './stac/published-joint.ts'
import { comparePublished } from './steps/compare-published.ts'
import { describeVerification } from './steps/describe-verification.ts'
import { findPublished } from './steps/find-published.ts'
import { readItemOf } from './steps/output-files.ts'
import { type JointServices, recomputeJoint } from './steps/recompute-joint.ts'
import { recomputeNdvi } from './steps/recompute-ndvi.ts'
import type { RecomputingRun } from './steps/recomputed.ts'
import { openScratch } from './store/disk/scratch.ts'

/** What this page needs from outside; lib/services.ts builds it. */
export interface VerifyServices extends JointServices, Pick<Publishing, 'store'> {
  readonly verifications: Results<Verification>
  readonly scratchFolder: string
}

export type VerifyRun = Omit<RecomputingRun, 'scratch'>

export async function verifyResult(
  order: VerifyOrder,
  services: VerifyServices,
  wish: VerifyRun,
  signal: AbortSignal,
): Promise<Verification> {
  wish.tell('scene')
  const published = await findPublished(order, services, signal)
  const { item } = published
  await using scratch = openScratch(services.scratchFolder)
  const run = { ...wish, scratch }
  const recompute = isJointItem(item) ? recomputeJoint : recomputeNdvi
  const { claim, files, provenance } = await recompute(item, order.request, services, run, signal)
  const directory = await packDirectory(files, services.store, 'made', signal)
  const differs = comparePublished(published, directory, await readItemOf(files, signal))
  const found = describeVerification(published, claim, directory, differs, provenance)
  await services.verifications.put(found, signal)
  return found
}
