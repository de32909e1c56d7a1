// From a search to the scenes that answer it, on one page: nothing is computed, and no file is read.

import type { SceneList, SceneListRequest } from './model/scene-list.ts'
import { unsignedJson } from './model/unsigned-url.ts'
import { rankScenes, withoutStrays } from './stac/search.ts'
import type { SceneFinding } from './steps/find-scene.ts'
import { listScene } from './steps/list-scenes.ts'
import { type BandSources, findReadable } from './steps/readable-bands.ts'

export type SceneServices = SceneFinding & BandSources

/**
 * @param isTrusted whether who asks may spend this deployment's credentials: what they open is `plain` for them alone
 * @throws {GreenprintError} what `itemPages` throws, `store_failed`
 */
export async function listScenes(
  asked: SceneListRequest,
  services: SceneServices,
  isTrusted: boolean,
  signal: AbortSignal,
): Promise<SceneList> {
  const { search, assets = {}, limit, page } = asked
  const { documents, stacApiUrl } = services
  const found = await rankScenes(search, stacApiUrl, documents, signal)
  const { api, broken, matched } = found
  const ranked = withoutStrays(found.ranked, search)
  const strays = found.ranked.length - ranked.length
  const [from, end] = [(page - 1) * limit, page * limit]
  const hits = ranked.slice(from, end)

  const bands = await findReadable(
    hits.map(({ item }) => item),
    assets,
    services,
    isTrusted,
    signal,
  )
  return unsignedJson({
    api,
    matched,
    compared: ranked.length,
    page,
    more: ranked.length > end,
    scenes: hits.flatMap((hit, at) => {
      const readable = bands[at]
      return readable === undefined ? [] : [listScene(hit, readable, asked)]
    }),
    warnings: [...(strays === 0 ? [] : [strayWarning(strays)]), ...broken],
  })
}

function strayWarning(count: number): string {
  return `${count} item(s) of another place, time or id than was asked for are left out: the API does not look at them`
}
