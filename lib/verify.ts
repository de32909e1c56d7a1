// From a published result to the same result computed again, on one page, and what of the two differs. What was read
// unchecked is held against fingerprints in its place.

import type { Verification } from './model/verification.ts'
import type { VerifyOrder } from './model/verify-request.ts'
import { packDirectory } from './publish/directory.ts'
import type { Publishing } from './publish/publish-result.ts'
import type { Results } from './publish/results.ts'
import { isByTransport } from './stac/published-item.ts'
import { isJointItem } from './stac/published-joint.ts'
import { comparePublished } from './steps/compare-published.ts'
import { confirmReads } from './steps/confirm-reads.ts'
import { describeVerification } from './steps/describe-verification.ts'
import { type FoundPublished, findPublished } from './steps/find-published.ts'
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
  const found = isByTransport(item)
    ? await confirmReads(published, order.request, services, wish, signal)
    : await recompute(published, order, services, wish, signal)
  await services.verifications.put(found, signal)
  return found
}

async function recompute(
  published: FoundPublished,
  order: VerifyOrder,
  services: VerifyServices,
  wish: VerifyRun,
  signal: AbortSignal,
): Promise<Verification> {
  const { item } = published
  await using scratch = openScratch(services.scratchFolder)
  const run = { ...wish, scratch }
  const again = isJointItem(item) ? recomputeJoint : recomputeNdvi
  const { claim, files, provenance } = await again(item, order.request, services, run, signal)
  const directory = await packDirectory(files, services.store, 'made', signal)
  const differs = comparePublished(published, directory, await readItemOf(files, signal))
  return describeVerification(published, claim, directory, differs, provenance)
}
