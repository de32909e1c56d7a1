// Announces a job's result on the topic: its published item, with absolute addresses.

import { GreenprintError } from '../errors.ts'
import { parseCid } from '../ipld/cid.ts'
import type { BlockStore } from '../kept/block-store.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { PublishableResult } from '../model/result.ts'
import { publicFolder } from '../publish/public-folder.ts'
import { decorateItem } from '../stac/decorated-item.ts'
import type { Job } from './job.ts'
import { composeNotice, type Topic } from './result-notice.ts'

export interface Announcing {
  /** The result of a job's kind; null where it is not kept any more. */
  readonly find: (job: Job, signal: AbortSignal) => Promise<PublishableResult | null>
  readonly store: BlockStore
  readonly topic: Topic
  /** Of this deployment, without a trailing slash; null when results are addressed by CID only. */
  readonly publicUrl: string | null
}

/**
 * @param job successful, its result with an item
 * @throws {GreenprintError} `store_failed` when the result is gone again, `queue_failed`
 */
export async function announce(
  job: Job,
  { find, store, topic, publicUrl }: Announcing,
  signal: AbortSignal,
): Promise<void> {
  const { order, outcome } = job
  const result = await find(job, signal)
  const asset = result?.assets['item']
  if (result === null || asset === undefined) {
    throw new GreenprintError('store_failed', `Result ${job.result} is not in the store.`)
  }
  const served = publicUrl === null ? `ipfs://${result.root}` : `${publicUrl}/ipfs/${result.root}`
  const folder = publicFolder(result.publications)?.replace(/\/$/, '') ?? served
  const item = decorateItem(await readItem(asset.cid, store, signal), folder, asset.file)
  const href = `${folder}/${asset.file}`
  await topic.publish(composeNotice(item, href, sourceOf(itemOf(order), result), outcome), signal)
}

/** Of the scene that the result is of. */
function itemOf({ request }: Job['order']): unknown {
  return 'item' in request ? request.item : null
}

/** An item is small: one block, which is the file itself. */
async function readItem(cid: string, store: BlockStore, signal: AbortSignal): Promise<JsonObject> {
  const block = await store.get(parseCid(cid), signal)
  const item: unknown = block === null ? null : JSON.parse(new TextDecoder().decode(block))
  if (isJsonObject(item)) return item
  throw new GreenprintError('store_failed', `Item ${cid} of the result is not in the store.`)
}

/** Subscribers filter by the scene: the derived item is in no collection, and its crop has its own cloud cover. */
function sourceOf(item: unknown, { item: { collection } }: PublishableResult) {
  const properties = isJsonObject(item) ? item['properties'] : null
  const cloud = isJsonObject(properties) ? properties['eo:cloud_cover'] : null
  return { collection, cloudCover: typeof cloud === 'number' ? cloud : null }
}
