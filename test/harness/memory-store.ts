// An object store in memory, with the conditions of S3 and an ear for every write.

import { createHash } from 'node:crypto'
import { readContent } from '../../lib/store/file-content.ts'
import type { ObjectStore, PutOptions } from '../../lib/store/objects.ts'

export interface MemoryStore extends ObjectStore {
  readonly objects: Map<string, Uint8Array<ArrayBuffer>>
}

/** @param onWrite told what is written over what, after it was */
export function createMemoryStore(
  onWrite: (key: string, body: Uint8Array, before: Uint8Array | undefined) => void = () =>
    undefined,
): MemoryStore {
  const objects = new Map<string, Uint8Array<ArrayBuffer>>()
  const holds = (key: string, { ifNoneMatch, ifMatch }: PutOptions) => {
    const there = objects.get(key)
    if (ifNoneMatch !== undefined) return there === undefined
    return ifMatch === undefined || (there !== undefined && etagOf(there) === ifMatch)
  }
  const put: ObjectStore['put'] = async (key, body, options) => {
    if (!holds(key, options)) return { written: false }
    const before = objects.get(key)
    const copy = new Uint8Array(body)
    objects.set(key, copy)
    onWrite(key, copy, before)
    return { written: true, etag: etagOf(copy) }
  }
  return {
    name: 'memory',
    objects,
    get: async (key) => {
      const body = objects.get(key)
      return body === undefined ? null : { body, etag: etagOf(body) }
    },
    getRange: async (key, offset, length) => {
      const body = objects.get(key)
      return body === undefined || offset + length > body.length
        ? null
        : body.slice(offset, offset + length)
    },
    size: async (key) => objects.get(key)?.length ?? null,
    list: async (folder, after, most) =>
      [...objects.keys()]
        .filter((key) => key.startsWith(`${folder}/`) && (after === null || key > after))
        .toSorted((one, other) => (one < other ? -1 : 1))
        .slice(0, most),
    put,
    putContent: async (key, content, options, signal) =>
      put(key, await readContent(content, signal), options, signal),
    copy: async (from, to) => {
      const body = objects.get(from)
      if (body !== undefined) objects.set(to, body)
      return body !== undefined
    },
    remove: async (key) => void objects.delete(key),
  }
}

function etagOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex')
}
