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
function areaFields({ area }: State): Json {
  if (area === null) return {}
  const box = boxOf(area)
  return box === null ? { geometry: area } : { bbox: box }
}

/** The default trust and size need not be told. */
export function seriesRequest(state: State): Json {
  const { area, interval, mask, trust } = state
  return {
    search: searchFields(state),
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

/** The body of POST /scenes. */
export function scenesRequest(state: State, page: number): Json {
  const { area, cloud } = state
  const box = area === null ? null : boxOf(area)
  return {
    ...searchFields(state),
    ...(box === null ? {} : { bbox: box }),
    ...(area === null || box !== null ? {} : { intersects: area }),
    ...(cloud < 100 ? { query: { 'eo:cloud_cover': { lte: cloud } } } : {}),
    limit: 20,
    page,
  }
}

function searchFields(state: State): Json {
  const { api, collection } = state
  const datetime = datetimeOf(state)
  return {
    ...(api === '' ? {} : { api }),
    ...(collection === ''
      ? {}
      : { collections: collection.split(',').flatMap((name) => name.trim() || []) }),
    ...(datetime === null ? {} : { datetime }),
  }
}
