// The request that the state stands for, as POST /ndvi takes it.

import { boxOf } from './area.ts'
import type { State } from './state.ts'

type Json = Readonly<Record<string, unknown>>

/** @param source `{item}` or `{search}` */
export function ndviRequest(state: State, source: Json): Json {
  return {
    ...source,
    ...areaFields(state),
    scale: state.scale,
    mask: state.mask === '' ? [] : state.mask.split(','),
    max_size: state.size === 'full' ? 'full' : Number(state.size),
    colormap_name: state.colormap,
    rescale: state.rescale.split(',').map(Number),
    outputs: ['figure', 'cog', 'item'],
    trust: state.trust,
    pin: false,
  }
}

/** `bbox` or `geometry`; nothing where the whole scene is meant. */
export function areaFields({ area }: State): Json {
  if (area === null) return {}
  const box = boxOf(area)
  return box === null ? { geometry: area } : { bbox: box }
}

/** The default trust and size need not be told. */
export function seriesRequest(state: State): Json {
  const { api, area, collection, interval, mask, trust } = state
  const datetime = datetimeOf(state)
  return {
    search: {
      ...(api === '' ? {} : { api }),
      ...(collection === '' ? {} : { collections: [collection] }),
      ...(datetime === null ? {} : { datetime }),
    },
    ...(area === null ? {} : { geometry: area }),
    ...(interval === '' ? {} : { interval, reduce: 'median' }),
    ...(mask === '' ? {} : { mask: mask.split(',') }),
    ...(trust === 'fingerprint' ? {} : { trust }),
  }
}

/** An interval open where nothing is said; null where neither end is. */
function datetimeOf({ from, to }: Pick<State, 'from' | 'to'>): string | null {
  if (from === '' && to === '') return null
  return `${from === '' ? '..' : from}/${to === '' ? '..' : to}`
}

/** The query of GET /scenes. */
export function scenesQuery(state: State, page: number): string {
  const { api, collection, area, cloud } = state
  const query = new URLSearchParams({ limit: '20', page: String(page) })
  if (api !== '') query.set('api', api)
  if (collection !== '') query.set('collections', collection)
  const box = area === null ? null : boxOf(area)
  if (box !== null) query.set('bbox', box.join(','))
  else if (area !== null) query.set('intersects', JSON.stringify(area))
  const datetime = datetimeOf(state)
  if (datetime !== null) query.set('datetime', datetime)
  if (cloud < 100) query.set('query', JSON.stringify({ 'eo:cloud_cover': { lte: cloud } }))
  return query.toString()
}
