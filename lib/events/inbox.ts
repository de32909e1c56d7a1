// STAC items that are put into this deployment's own bucket.

import { clip, GreenprintError } from '../errors.ts'
import { parseJsonText } from '../model/json-text.ts'
import type { ForeignObject, ForeignObjects } from '../store/s3/s3-documents.ts'

/** The whole bucket of this deployment, outside its prefix too. */
export interface Inbox {
  readonly bucket: string
  readonly objects: ForeignObjects
}

/** The largest item seen is 53 KB. */
const MAX_BYTES = 10 * 1024 * 1024

/**
 * The JSON in an object, or the reason why it is not read.
 *
 * @throws {GreenprintError} `store_failed`; `item_invalid` for an object that is not JSON or too large
 */
export async function readObject(
  { bucket, key, version }: ForeignObject & { readonly bucket: string },
  inbox: Inbox | null,
  signal: AbortSignal,
): Promise<{ readonly value: unknown } | { readonly filtered: string }> {
  const where = `s3://${bucket}/${clip(key, 200)}`
  if (bucket !== inbox?.bucket) return { filtered: `another bucket: ${where} is not read here` }
  if (!/\.(geo)?json$/i.test(key)) return { filtered: `no item: ${where} is not named .json` }
  const object = await inbox.objects.get({ key, version }, MAX_BYTES, signal)
  if (object === null) return { filtered: `no item: ${where} is no longer there` }
  if (object.body === null) {
    throw new GreenprintError(
      'item_invalid',
      `${where} has ${object.size} bytes; an item may have at most ${MAX_BYTES}.`,
    )
  }
  try {
    return { value: parseJsonText(new TextDecoder().decode(object.body)) }
  } catch (cause) {
    throw new GreenprintError('item_invalid', `${where} is not JSON.`, { cause })
  }
}
