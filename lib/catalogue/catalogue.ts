// The catalogue's records: one for each item by its id, written whole, and one key for each that lists it by its day.

import { once } from '../async/once.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { ObjectStore } from '../store/objects.ts'
import { createRecordStore } from '../store/records.ts'
import { type CatalogueEntry, type EntryPlace, hashOfId, placesOfItem, readPlace } from './entry.ts'

export interface ItemCatalogue {
  /** Adds an item, or replaces that of the same id. False for one that no search could find, which is left out. */
  put(entry: CatalogueEntry, signal: AbortSignal): Promise<boolean>
  /** null where there is none. */
  get(collection: string, id: string, signal: AbortSignal): Promise<CatalogueEntry | null>
  /** The item of a listed place; null where it is listed elsewhere by now. */
  at(collection: string, place: EntryPlace, signal: AbortSignal): Promise<CatalogueEntry | null>
  /**
   * Places of a collection, the newest first.
   *
   * @param after tail of a key, or the beginning of one: only what comes after it
   */
  list(
    collection: string,
    after: string | null,
    most: number,
    signal: AbortSignal,
  ): Promise<readonly EntryPlace[]>
  /** Collections that hold items which were never put: their ids. */
  readonly fixed: readonly string[]
}

const FOLDER = 'catalogue'

/** Items that are always there, in collections of their own. */
export interface FixedEntries {
  readonly collections: readonly string[]
  load(): Promise<readonly CatalogueEntry[]>
}

const nothing: FixedEntries = { collections: [], load: async () => [] }

interface Known {
  readonly entry: CatalogueEntry
  readonly place: EntryPlace
}

function placed(entries: readonly CatalogueEntry[]): ReadonlyMap<string, Known> {
  const known = entries.flatMap((entry) => {
    const [place] = placesOfItem(entry.collection, entry.item)
    return place === undefined
      ? []
      : [[`${entry.collection}/${place.idHash}`, { entry, place }] as const]
  })
  return new Map(known)
}

/**
 * Nothing is read before it is written: whoever writes at the same time loses nothing.
 */
export function createCatalogue(
  objects: ObjectStore,
  fixed: FixedEntries = nothing,
): ItemCatalogue {
  const records = createRecordStore(objects)
  const known = once(async () => placed(await fixed.load()))
  const keyOf = (collection: string, idHash: string) => `${FOLDER}/items/${collection}/${idHash}`
  const listOf = (collection: string) => `${FOLDER}/days/${collection}`

  async function read(
    collection: string,
    idHash: string,
    signal: AbortSignal,
  ): Promise<{ readonly entry: CatalogueEntry; readonly tails: readonly unknown[] } | null> {
    if (fixed.collections.includes(collection)) {
      const own = (await known()).get(`${collection}/${idHash}`)
      return own === undefined ? null : { entry: own.entry, tails: [own.place.tail] }
    }
    if (!/^[a-z0-9-]+$/.test(collection)) return null
    const record = await records.get(keyOf(collection, idHash), signal)
    const entry = record && entryOf(record, collection)
    return entry && { entry, tails: tailsOf(record) }
  }

  return {
    fixed: fixed.collections,
    async put({ collection, item, root }, signal) {
      const places = placesOfItem(collection, item)
      const [latest] = places
      if (latest === undefined) return false
      const tails = places.map(({ tail }) => tail)
      await records.put(keyOf(collection, latest.idHash), { tails, root, item }, signal)
      await Promise.all(
        tails.map((tail) => records.put(`${listOf(collection)}/${tail}`, {}, signal)),
      )
      return true
    },
    async get(collection, id, signal) {
      const found = await read(collection, hashOfId(collection, id), signal)
      return found !== null && found.entry.item['id'] === id ? found.entry : null
    },
    async at(collection, { idHash, tail }, signal) {
      const found = await read(collection, idHash, signal)
      return found !== null && found.tails.includes(tail) ? found.entry : null
    },
    async list(collection, after, most, signal) {
      if (fixed.collections.includes(collection)) {
        return [...(await known()).values()]
          .filter(({ entry }) => entry.collection === collection)
          .map(({ place }) => place)
          .filter(({ tail }) => after === null || tail > after)
          .toSorted((one, other) => (one.tail < other.tail ? -1 : 1))
          .slice(0, most)
      }
      const folder = listOf(collection)
      const isKey = after !== null && readPlace(after) !== null
      const from = after === null ? null : `${folder}/${after}${isKey ? '.json' : ''}`
      const keys = await objects.list(folder, from, most, signal)
      return keys.flatMap((key) => {
        const place = readPlace(key.slice(folder.length + 1).replace(/\.json$/, ''))
        return place === null ? [] : [place]
      })
    },
  }
}

/** Before 0.5.0 an item was listed once, by its `tail`. */
function tailsOf({ tails, tail }: JsonObject): readonly unknown[] {
  return Array.isArray(tails) ? tails : [tail]
}

function entryOf({ item, root }: JsonObject, collection: string): CatalogueEntry | null {
  if (!isJsonObject(item)) return null
  return { collection, item, root: typeof root === 'string' ? root : null }
}
