// Whether items are of the time that a search asks for: an API that does not look at it finds those of any.

import type { JsonObject } from '../model/json.ts'
import type { SceneSearch } from '../model/request.ts'
import { readTime, type TimeSpan } from './acquisition.ts'
import { widenDatetime } from './datetime-range.ts'
import type { Item } from './item.ts'

/** Of moments that are told to the second. */
const SECOND_MS = 1_000

/** true of an item that does not say when it was taken. */
export function ofAskedTime({
  datetime,
}: SceneSearch): (item: Pick<Item, 'datetime' | 'properties'>) => boolean {
  if (datetime === undefined) return () => true
  const [first = '', last = first] = widenDatetime(datetime).split('/')
  const [from, to] = [momentOf(first, -Infinity), momentOf(last, Infinity)]
  const isAsked = ({ start, end }: TimeSpan) =>
    Date.parse(start) < to + SECOND_MS && Date.parse(end) > from - SECOND_MS
  return (item) => {
    const begun = readTime(item.datetime ?? '')
    if (begun === null) return true
    const span = spanOf(item.properties)
    return isAsked(begun) || (span !== null && isAsked(span))
  }
}

/** From its start to its end: of an item that has a moment, too, some APIs search the one, some (pgstac) the other. */
function spanOf({ start_datetime, end_datetime }: JsonObject): TimeSpan | null {
  if (typeof start_datetime !== 'string' || typeof end_datetime !== 'string') return null
  const [first, last] = [readTime(start_datetime), readTime(end_datetime)]
  return first && last && { start: first.start, end: last.end }
}

function momentOf(text: string, open: number): number {
  return text === '..' ? open : Date.parse(text)
}
