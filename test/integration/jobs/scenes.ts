// Scenes for a simulation: their requests, what becomes of each, and work that takes time instead of reading pixels.

import type { Clock } from '../../../lib/async/clock.ts'
import { GreenprintError } from '../../../lib/errors.ts'
import { type Cid, RAW } from '../../../lib/ipld/cid.ts'
import type { WorkServices } from '../../../lib/jobs/run-job.ts'
import type { JobServices } from '../../../lib/jobs/submit.ts'
import type { JsonObject } from '../../../lib/model/json.ts'
import type { Order } from '../../../lib/model/order.ts'
import type { NdviRequest } from '../../../lib/model/request.ts'
import type { NdviResult, Publication } from '../../../lib/model/result.ts'
import { recall } from '../../../lib/publish/publish-result.ts'
import { isHeld } from '../../../lib/publish/publisher.ts'
import { softwareLine } from '../../../lib/software.ts'
import { readItem } from '../../../lib/stac/item.ts'
import { readScene } from '../../../lib/stac/scene.ts'
import { chooseRules } from '../../../lib/steps/choose-rules.ts'
import { writeRecipe } from '../../../lib/steps/recipe.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'
import { ipfsAsset } from '../../harness/items.ts'
import type { Random } from '../../harness/random.ts'
import { plainRequest } from '../../harness/requests.ts'

export type Nature = 'good' | 'unusable' | 'never served'

export interface SimulatedScene {
  readonly nature: Nature
  readonly request: NdviRequest
  /** What its result must be called, found without the machinery that is under test. */
  readonly id: string
}

const bytes = (text: string) => new TextEncoder().encode(text)
const cidOf = (text: string): Cid => cidOfBlock(RAW, bytes(text))

export function makeScene(name: string, nature: Nature): SimulatedScene {
  const item: JsonObject = {
    type: 'Feature',
    stac_version: '1.1.0',
    id: name,
    geometry: null,
    properties: { datetime: '2026-01-01T00:00:00Z', 'landsat:correction': 'L2SP' },
    assets: {
      red: ipfsAsset(cidOf(`${name} red`).toString()),
      nir08: ipfsAsset(cidOf(`${name} nir`).toString()),
    },
    links: [],
  }
  const request: NdviRequest = { ...plainRequest, item }
  const scene = readScene(readItem(item, null))
  const { id } = writeRecipe(request, scene, chooseRules(scene, request), softwareLine)
  return { nature, request, id }
}

export function nameOf({ request: { item } }: Order): string {
  const name = typeof item === 'object' ? item['id'] : undefined
  return typeof name === 'string' ? name : ''
}

/** How long one scene takes, in seconds, and how often a source fails for a while. */
const SECONDS = [5, 90] as const
const PASSING_FAULT = 0.04

/**
 * The order of the pipeline: what is known is recalled, else it takes its time, keeps the root's block, writes the
 * record and publishes.
 *
 * @param onPublish told of each time that a publisher is handed a root
 */
export function simulateCompute(
  scenes: ReadonlyMap<string, SimulatedScene>,
  services: JobServices,
  clock: Clock,
  dice: Random,
  onPublish: (root: string) => Promise<void>,
): WorkServices['compute'] {
  return async (order, tell, signal) => {
    const name = nameOf(order)
    const scene = scenes.get(name)
    if (scene === undefined) throw new TypeError(`${name} is no scene`)
    tell('scene')
    const known = await recall(scene.id, { pin: false }, services.results, services, signal)
    const result = known ?? (await make(scene))
    if (!order.pin) return result
    tell('publish')
    const record = await services.publications.get(result.root, signal)
    const before = record?.publications ?? []
    if (before.some(isHeld)) return { ...result, publications: before }
    await onPublish(result.root)
    const publications = [
      { service: 'simulated', status: 'held', cid: result.root },
    ] satisfies readonly Publication[]
    await services.publications.merge(result.root, publications, signal)
    return { ...result, publications }

    async function make({ id, nature }: SimulatedScene): Promise<NdviResult> {
      for (const step of ['bands', 'ndvi', 'figure'] as const) {
        tell(step)
        await clock.sleep((dice.whole(...SECONDS) * 1000) / 3, signal)
        if (step === 'bands' && nature === 'unusable') {
          throw new GreenprintError('raster_unusable', `${name} is no raster.`)
        }
        if (nature === 'never served' || dice.chance(PASSING_FAULT / 3)) {
          throw new GreenprintError('content_unavailable', `Nobody serves ${name}.`)
        }
      }
      const root = bytes(`root of ${name}`)
      const cid = cidOfBlock(RAW, root)
      await services.store.put(cid, root, signal)
      const made = resultOf(id, cid.toString())
      await services.results.put(made, signal)
      return made
    }
  }
}

function resultOf(id: string, root: string): NdviResult {
  const item = { file: 'item.json', cid: root, type: 'application/geo+json', size: 1 }
  const proof = { software: softwareLine, bands: {} }
  const record = {
    id,
    cached: false,
    root,
    item: { id: 'scene' },
    assets: { item },
    proof,
    publications: [],
    warnings: [],
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the machinery under test reads of a result
  return record as unknown as NdviResult
}
