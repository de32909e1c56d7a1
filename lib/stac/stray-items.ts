// Which of the items that an API found are none that were asked for: there are APIs that do not look at ids, or times.

import type { SceneSearch } from '../model/request.ts'
import { ofAskedTime } from './asked-time.ts'
import type { Item } from './item.ts'

/** Why an item is none of those that a search asks for; null where it is. */
export type StrayReason = (item: Pick<Item, 'id' | 'datetime' | 'properties'>) => string | null

export function strayFrom(search: SceneSearch): StrayReason {
  const isOfTime = ofAskedTime(search)
  const ids = new Set(search.ids?.map((id) => id.toLowerCase()))
  return (item) => {
    if (ids.size > 0 && !ids.has(item.id.toLowerCase()))
      return 'it is none of the ids that were asked for'
    return isOfTime(item) ? null : 'it is not of the time that was asked for'
  }
}
