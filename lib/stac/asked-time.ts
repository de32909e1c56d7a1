// Whether items are of the time that a search asks for: an API that does not look at it finds those of any.

import type { SceneSearch } from '../model/request.ts'
import { readTime } from './acquisition.ts'
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
  return (item) => {
    const begun = readTime(item.datetime ?? '')
    if (begun === null) return true
    const { datetime: moment, end_datetime: ended } = item.properties
    // With a moment of its own an item is of that alone, as APIs search.
    const over = typeof moment !== 'string' && typeof ended === 'string' ? readTime(ended) : null
    const [start, end] = [Date.parse(begun.start), Date.parse((over ?? begun).end)]
    return start < to + SECOND_MS && end > from - SECOND_MS
  }
}

function momentOf(text: string, open: number): number {
  return text === '..' ? open : Date.parse(text)
}
