// What callers without a token leave: apart from all else, so that it can be given up first, and still found by all.

import type { ObjectStore } from './objects.ts'

/** The folder of a store in which it lies. */
export const VISITORS = 'visitors'
/** The folder of what stays for everybody: visitors have none of it. */
export const PUBLISHED = 'published'

export interface Views {
  /** Reads what lasts and what does not, and writes what lasts. */
  readonly lasting: ObjectStore
  /** Reads both as well; whatever it writes or removes lies among the visitors' objects. */
  readonly visiting: ObjectStore
}

/** Two views of one store. Where both have an object, it is the one that lasts. */
export function createViews(objects: ObjectStore): Views {
  const there = (key: string) => `${VISITORS}/${key}`

  const mayBeThere = (key: string) => !key.startsWith(`${PUBLISHED}/`)

  async function either<T>(ask: (key: string) => Promise<T | null>, key: string) {
    return (await ask(key)) ?? (mayBeThere(key) ? ask(there(key)) : null)
  }

  const reading: Pick<ObjectStore, 'name' | 'get' | 'getRange' | 'size' | 'list'> = {
    name: objects.name,
    get: (key, signal) => either((found) => objects.get(found, signal), key),
    getRange: (key, offset, length, signal) =>
      either((found) => objects.getRange(found, offset, length, signal), key),
    size: (key, signal) => either((found) => objects.size(found, signal), key),
    async list(folder, after, most, signal) {
      if (!mayBeThere(`${folder}/`)) return objects.list(folder, after, most, signal)
      const [own, visitors] = await Promise.all([
        objects.list(folder, after, most, signal),
        objects.list(there(folder), after && there(after), most, signal),
      ])
      const keys = [...own, ...visitors.map((key) => key.slice(VISITORS.length + 1))]
      return [...new Set(keys)].toSorted(byCodeUnits).slice(0, most)
    },
  }

  async function copyTo(target: string, from: string, signal: AbortSignal) {
    if (await objects.copy(from, target, signal)) return true
    return mayBeThere(from) && objects.copy(there(from), target, signal)
  }

  return {
    lasting: {
      ...objects,
      ...reading,
      copy: (from, to, signal) => copyTo(to, from, signal),
    },
    visiting: {
      ...reading,
      put: (key, body, options, signal) => objects.put(there(key), body, options, signal),
      putContent: (key, content, options, signal) =>
        objects.putContent(there(key), content, options, signal),
      copy: (from, to, signal) => copyTo(there(to), from, signal),
      remove: (key, signal) => objects.remove(there(key), signal),
    },
  }
}

function byCodeUnits(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
