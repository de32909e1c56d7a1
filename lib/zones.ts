// From an order to the numbers of zones on one observation, on one page. Each line is a step; lib/steps/ has one file
// for each.

import type { Tell } from './model/progress.ts'
import type { ZonesOrder, ZonesResult } from './model/zones.ts'
import { packDirectory } from './publish/directory.ts'
import { type Publishing, publishResult, recall } from './publish/publish-result.ts'
import { shelfFor } from './publish/publisher.ts'
import type { Results } from './publish/results.ts'
import { countOnStacks, qaLevelsOf, stackByGrid } from './steps/count-zones.ts'
import { describeKnownZones, describeZones, writeZones } from './steps/describe-zones.ts'
import { type ContentServices } from './steps/find-content.ts'
import { type KeptInputs, keptItems, keptZones } from './steps/keep-inputs.ts'
import { isCacheable } from './steps/known-result.ts'
import type { Sources } from './steps/open-bands.ts'
import { findContents, openScenes, provenanceOfAll, readsOf } from './steps/open-scenes.ts'
import { readScenes } from './steps/read-scenes.ts'
import { writeZonesRecipe } from './steps/recipe-of-zones.ts'

/** What this page needs from outside; lib/services.ts builds it. */
export interface ZonesServices extends ContentServices, Sources, KeptInputs, Publishing {
  readonly zonesResults: Results<ZonesResult>
  readonly maxPixels: number
}

export interface ZonesRun {
  /** Counts even what is known. */
  readonly fresh: boolean
  readonly tell: Tell
  readonly isTrusted: boolean
  /** Time for reading whole files; reading that would take longer is refused before it begins. */
  readonly mostMs: number
}

export async function measureZones(
  order: ZonesOrder,
  services: ZonesServices,
  run: ZonesRun,
  signal: AbortSignal,
): Promise<ZonesResult> {
  const { request, trust = 'fingerprint' } = order
  const { fresh, tell, isTrusted } = run
  tell('scene')
  const zones = await keptZones(request.zones, services, signal)
  const items = await keptItems(request.items, services, signal)
  const asRead = await readScenes(items, request, signal)
  const found = await findContents(asRead, trust, services, run, signal)
  const recipe = writeZonesRecipe(request, found)
  const isRecalled = !fresh && found.every(({ content }) => isCacheable(content))
  const known = isRecalled
    ? await recall(recipe.id, order, services.zonesResults, services, signal)
    : null
  if (known !== null) return describeKnownZones(known, found)

  tell('bands')
  const scenes = await openScenes(found, { max_size: 'full' }, services, isTrusted, signal)
  await using reads = readsOf(scenes)
  const stacks = await stackByGrid(scenes, zones, signal)

  tell('ndvi')
  const limits = { ...services, onRows: (share: number) => tell('ndvi', share) }
  const rows = await countOnStacks(stacks, zones, request, limits, signal)

  const provenances = await provenanceOfAll(scenes, signal)
  reads.succeeded()
  const warnings = [...stacks, ...provenances].flatMap((each) => each.warnings)
  const files = writeZones(recipe, rows, qaLevelsOf(stacks))
  const shelf = shelfFor(order.pin, services.publishers)
  const directory = await packDirectory(files, services.store, shelf, signal)
  const result = describeZones(recipe, scenes, rows, warnings, directory)
  await services.zonesResults.put(result, signal)
  return order.pin ? publishResult(result, order, services, signal) : result
}
