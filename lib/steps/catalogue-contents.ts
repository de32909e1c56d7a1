// CIDs for the bands of a scene from the item of the same id in the catalogue whose items carry CIDs.

import { GreenprintError } from '../errors.ts'
import type { BandAsset, ContentReference, Scene } from '../model/scene.ts'
import { contentOf } from '../stac/asset-content.ts'
import { readFileAsset } from '../stac/file-asset.ts'
import { readItem } from '../stac/item.ts'
import { itemPages } from '../stac/search-pages.ts'
import type { SceneFinding } from './find-scene.ts'

export interface Catalogue extends Pick<SceneFinding, 'documents'> {
  readonly catalogUrl: string | null
}

/**
 * By asset key; none where the catalogue cannot be asked: it is one place of several. An asset whose checksum or size
 * differs from the band's is of another file.
 */
export async function catalogueContents(
  { id }: Pick<Scene, 'id'>,
  bands: readonly BandAsset[],
  { documents, catalogUrl }: Catalogue,
  signal: AbortSignal,
): Promise<(readonly [key: string, content: ContentReference])[]> {
  try {
    for await (const { features } of itemPages(
      { ids: [id], limit: 10 },
      catalogUrl,
      documents,
      signal,
    )) {
      for (const feature of features) {
        const { id: found, assets } = readItem(feature, null)
        if (found !== id) continue
        const named = bands.flatMap((band) => {
          const asset = assets.find(({ key }) => key === band.key)
          const content = asset === undefined ? null : contentOf(asset).content
          if (asset === undefined || content === null) return []
          return isSameFile(readFileAsset(asset), band) ? [[band.key, content] as const] : []
        })
        if (named.length > 0) return named
      }
      return []
    }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof GreenprintError)) throw error
  }
  return []
}

type Told = Pick<BandAsset, 'checksum' | 'size'>

function isSameFile(one: Told, other: Told): boolean {
  const differs = (a: string | number | undefined, b: string | number | undefined) =>
    a !== undefined && b !== undefined && String(a).toLowerCase() !== String(b).toLowerCase()
  return !differs(one.checksum, other.checksum) && !differs(one.size, other.size)
}
