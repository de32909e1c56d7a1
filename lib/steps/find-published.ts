// From what the caller of a verification gave to the published item, and to the CIDs of the files beside it.

import { GreenprintError } from '../errors.ts'
import type { Blocks } from '../ipfs/blocks.ts'
import { ReadSession } from '../ipfs/read-session.ts'
import { parseCid } from '../ipld/cid.ts'
import { decodeDirectory, isDirectory } from '../ipld/unixfs.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { ContentReference } from '../model/scene.ts'
import type { VerifyOrder } from '../model/verify-request.ts'
import { formatContentReference, parseContentReference } from '../stac/content-reference.ts'
import type { Documents } from '../stac/documents.ts'

export interface FoundPublished {
  readonly item: JsonObject
  /** Whether the item is read as it was published, byte for byte: then nothing may stand in it that does not come out. */
  readonly isExact: boolean
  /** Of the directory; null where it is not known. */
  readonly root: string | null
  /** CIDs of its files by name; of the item alone where only that was named. */
  readonly files: Readonly<Record<string, string>>
  /** Where it was read; null for an item in the request. */
  readonly href: string | null
}

export interface PublishedReading {
  readonly blocks: Blocks
  readonly documents: Documents
}

/**
 * @throws {GreenprintError} `invalid_request` for a CID that cannot be read, `content_unavailable`, `content_unusable`,
 *   `item_invalid`, `item_unreachable`
 */
export async function findPublished(
  order: Pick<VerifyOrder, 'request' | 'resolved'>,
  reading: PublishedReading,
  signal: AbortSignal,
): Promise<FoundPublished> {
  const { cid } = order.request
  if (cid !== undefined) return byContent(cid, reading, signal)
  return findPublishedItem(order, reading.documents, signal)
}

/** The same of a request without a CID. @throws {GreenprintError} `item_invalid`, `item_unreachable` */
export async function findPublishedItem(
  { request: { item }, resolved }: Pick<VerifyOrder, 'request' | 'resolved'>,
  documents: Documents,
  signal: AbortSignal,
): Promise<FoundPublished> {
  if (typeof item !== 'string')
    return { ...given, item: requireObject(item), href: resolved?.href ?? null }
  const { value, href } = await documents.json(item, {}, signal)
  return { ...given, item: requireObject(value), href }
}

const given = { isExact: false, root: null, files: {} } as const

async function byContent(
  text: string,
  { blocks, documents }: PublishedReading,
  signal: AbortSignal,
): Promise<FoundPublished> {
  const { cid, path } = readResultReference(text)
  const root = parseCid(cid)
  const block = await blocks.get(root, new ReadSession(), signal, 'root')
  if (path !== '' || !isDirectory(root, block)) {
    const href = formatContentReference({ cid, path })
    const { value } = await documents.json(href, {}, signal)
    const files = path === '' ? { 'item.json': cid } : {}
    return { item: requireObject(value), isExact: true, root: null, files, href }
  }
  const entries = decodeDirectory(root, block)
  if (entries === null || !entries.some(({ name }) => name === 'item.json')) {
    throw new GreenprintError(
      'item_invalid',
      `${cid} is a directory without an item.json: nothing in it says what its figure was made of.`,
    )
  }
  const href = formatContentReference({ cid, path: 'item.json' })
  const { value } = await documents.json(href, {}, signal)
  const files = Object.fromEntries(entries.map(({ name, cid: of }) => [name, of.toString()]))
  return { item: requireObject(value), isExact: true, root: cid, files, href }
}

/** @throws {GreenprintError} `invalid_request` */
export function readResultReference(text: string): ContentReference {
  try {
    return parseContentReference(text)
  } catch (error) {
    if (!(error instanceof GreenprintError)) throw error
    throw new GreenprintError('invalid_request', `cid: ${error.message}`, { cause: error })
  }
}

function requireObject(value: unknown): JsonObject {
  if (isJsonObject(value)) return value
  throw new GreenprintError('item_invalid', 'The published item is not a JSON object.')
}
