// From an order to the CIDs of a scene's files, on one page. Each line is a step; lib/steps/ has one file for each.

import type { FingerprintOrder } from './model/fingerprint-request.ts'
import type { FingerprintResult } from './model/fingerprint-result.ts'
import type { Tell } from './model/progress.ts'
import { packDirectory } from './publish/directory.ts'
import { type Publishing, publishResult } from './publish/publish-result.ts'
import { shelfFor } from './publish/publisher.ts'
import type { Results } from './publish/results.ts'
import { chooseFiles } from './steps/choose-files.ts'
import { findItem } from './steps/find-item.ts'
import type { SceneFinding } from './steps/find-scene.ts'
import type { FingerprintSources } from './steps/fingerprint-file.ts'
import { fingerprintFiles } from './steps/fingerprint-files.ts'
import { describePrints, writePrints } from './steps/fingerprint-outputs.ts'
import { leavesForNext } from './steps/leaves-for-next.ts'
import { type Listing, listResult } from './steps/list-result.ts'
import type { Sources } from './steps/open-bands.ts'

/** What this page needs from outside; lib/services.ts builds it. */
export interface FingerprintServices
  extends SceneFinding,
    Listing,
    FingerprintSources,
    Publishing,
    Pick<Sources, 'blocks'> {
  readonly fingerprintResults: Results<FingerprintResult>
}

export interface FingerprintRun {
  /** Reads anew even what is known. */
  readonly fresh: boolean
  readonly tell: Tell
  /** Time for reading whole files; reading that would take longer is refused before it begins. */
  readonly mostMs: number
}

export async function fingerprintItem(
  order: FingerprintOrder,
  services: FingerprintServices,
  { fresh, tell, mostMs }: FingerprintRun,
  signal: AbortSignal,
): Promise<FingerprintResult> {
  const { request, resolved, pin } = order
  tell('scene')
  const { item, chosen } = await findItem(request, resolved, services, signal)
  const files = chooseFiles(item, request.assets)

  tell('fingerprint')
  const onLeaf = leavesForNext(order.next?.[0], item, services.blocks, signal)
  const reading = { profile: request.profile, fresh, isTrusted: true, mostMs, tell, onLeaf }
  const records = await fingerprintFiles(files, services, reading, signal)

  const computed = { request, item, chosen, files, records }
  const outputs = await writePrints(computed, services.fingerprints, signal)
  const shelf = shelfFor(pin, services.publishers)
  const directory = await packDirectory(outputs, services.store, shelf, signal)
  const result = describePrints(computed, directory)
  await services.fingerprintResults.put(result, signal)
  await listResult('fingerprints', result.stac, result.root, services, signal)
  if (!pin) return result

  tell('publish')
  return publishResult(result, order, services, signal)
}
