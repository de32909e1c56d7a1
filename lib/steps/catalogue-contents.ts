// CIDs for the bands of a scene from the item of the same id in the catalogue whose items carry CIDs.

import { nextTurn, turnIsOver } from '../async/turns.ts'
import { GreenprintError } from '../errors.ts'
import { boxesTouch } from '../geo/bbox.ts'
import type { Json } from '../model/json.ts'
import type { BandAsset, ContentReference, Scene } from '../model/scene.ts'
import { readTime, type TimeSpan } from '../stac/acquisition.ts'
import { contentOf } from '../stac/asset-content.ts'
import type { Documents } from '../stac/documents.ts'
import { readFileAsset } from '../stac/file-asset.ts'
import { type Item, readItem } from '../stac/item.ts'
import { ONE_PASS_MS } from '../stac/same-acquisition.ts'
import { itemPages } from '../stac/search-pages.ts'

export interface Catalogue {
  readonly documents: Documents
  readonly catalogUrl: string | null
}

/** The id that a scene's item has in every catalogue, and by what another scene of the same id is told. */
type Named = Pick<Scene, 'id' | 'datetime' | 'bbox' | 'properties'>

/**
 * By asset key; none where the catalogue cannot be asked: it is one place of several. An item of another time, place
 * or processing is of another scene, and an asset whose checksum or size differs from the band's of another file.
 */
export async function catalogueContents(
  scene: Named,
  bands: readonly BandAsset[],
  catalogue: Catalogue,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ContentReference>> {
  const [contents] = await contentsOfAll([scene], [bands], catalogue, signal)
  return contents ?? new Map()
}

/** The same of many scenes by one search, in their order. */
export async function contentsOfAll(
  scenes: readonly Named[],
  bands: readonly (readonly BandAsset[])[],
  catalogue: Catalogue,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ContentReference>[]> {
  const unnamed = bands.map((each) => each.filter(({ content }) => content === null))
  const ids = scenes.filter((_, at) => unnamed[at]?.length).map(({ id }) => id)
  const items = await itemsOf([...new Set(ids)], catalogue, signal)
  return scenes.map((scene, at) => {
    const same = items.filter((item) => isSameScene(item, scene))
    return contentsIn(same, unnamed[at] ?? [])
  })
}

async function itemsOf(
  ids: readonly string[],
  { documents, catalogUrl }: Catalogue,
  signal: AbortSignal,
): Promise<Item[]> {
  const items: Item[] = []
  if (catalogUrl === null || ids.length === 0) return items
  try {
    const search = { ids, limit: ids.length + MORE }
    for await (const page of itemPages(search, catalogUrl, documents, signal)) {
      for (const feature of page.features) {
        if (turnIsOver()) await nextTurn(signal)
        items.push(readItem(feature, null))
      }
      if (items.length >= search.limit) break
    }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof GreenprintError)) throw error
  }
  return items
}

/** Items beyond one for each id that are looked at: collections may share ids. */
const MORE = 9

/** Of the first item that names content for any of the bands. */
function contentsIn(
  items: readonly Item[],
  bands: readonly BandAsset[],
): ReadonlyMap<string, ContentReference> {
  for (const item of items) {
    const named = bands.flatMap((band) => {
      const asset = item.assets.find(({ key }) => key === band.key)
      const content = asset === undefined ? null : contentOf(asset).content
      if (asset === undefined || content === null) return []
      return isSameFile(readFileAsset(item, asset), band) ? [[band.key, content] as const] : []
    })
    if (named.length > 0) return new Map(named)
  }
  return new Map()
}

/** Ids are a collection's own: two that are named by their day, say, are alike. What one does not tell differs not. */
function isSameScene(one: Named, other: Named): boolean {
  if (one.id !== other.id) return false
  const [time, otherTime] = [one, other].map(({ datetime }) => readTime(datetime ?? ''))
  if (time && otherTime && isApart(time, otherTime)) return false
  const isOtherProcessing = processings.some((name) =>
    differs(spelled(one.properties[name]), spelled(other.properties[name])),
  )
  if (isOtherProcessing) return false
  return one.bbox === null || other.bbox === null || boxesTouch(one.bbox, other.bbox)
}

/** Of one acquisition there are several, with other numbers; by some catalogues they keep one id. */
const processings = [
  's2:product_uri',
  's2:processing_baseline',
  'landsat:collection_number',
  'landsat:correction',
] as const

/** `05.00`, `5.0` and 5 are one baseline; a product's name is the same with and without `.SAFE`. */
function spelled(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = String(value).trim()
  const number = Number(text)
  return text === '' || Number.isNaN(number) ? text.replace(/\.safe$/i, '') : String(number)
}

/** Whether both say something, and not the same. */
function differs(one: string | number | undefined, other: string | number | undefined): boolean {
  if (one === undefined || other === undefined) return false
  return String(one).toLowerCase() !== String(other).toLowerCase()
}

/** One that is told by its day alone is the same at any time of that day. */
function isApart(one: TimeSpan, other: TimeSpan): boolean {
  const between = (end: string, start: string) => Date.parse(start) - Date.parse(end)
  return Math.max(between(one.end, other.start), between(other.end, one.start)) > ONE_PASS_MS
}

type Told = Pick<BandAsset, 'checksum' | 'size'>

function isSameFile(one: Told, other: Told): boolean {
  return !differs(one.checksum, other.checksum) && !differs(one.size, other.size)
}
