// What the page shows, all of it in the address bar: a copied address opens the same view.

import { type Area, areaOf, boxOf, readBox, readGeometry, rounded } from './area.ts'
import { readRange } from './range.ts'

export type Tab = 'find' | 'look' | 'time' | 'believe' | 'results'
export const tabs: readonly Tab[] = ['find', 'look', 'time', 'believe', 'results']

export interface State {
  readonly tab: Tab
  /** Longitude, latitude, zoom of the map; null lets the map choose. */
  readonly view: View | null
  /** Address of the scene's item; `sample` for the one that is built in; null before one is chosen. */
  readonly item: string | null
  /** The scene on the other side of the swipe. */
  readonly other: string | null
  readonly area: Area | null
  readonly mask: string
  readonly scale: string
  readonly colormap: string
  readonly rescale: string
  readonly size: string
  readonly trust: string
  /** Percent. */
  readonly opacity: number
  /** Of the search. */
  readonly api: string
  readonly collection: string
  readonly from: string
  readonly to: string
  /** Percent. */
  readonly cloud: number
  /** Of the series. */
  readonly interval: string
  readonly series: string | null
  /** Of a series of several; null for the first. */
  readonly zone: string | null
}

/** Of MapLibre: closer than any pixel. */
const HIGHEST_ZOOM = 24

/** A quarter of what CloudFront takes. */
const LONGEST_QUERY = 2000

export type View = readonly [number, number, number]

export const initial: State = {
  tab: 'look',
  view: null,
  item: 'sample',
  other: null,
  area: null,
  mask: '',
  scale: 'auto',
  colormap: 'rdylgn',
  rescale: '-1,1',
  size: '1024',
  trust: 'fingerprint',
  opacity: 90,
  api: '',
  collection: '',
  from: '',
  to: '',
  cloud: 40,
  interval: '',
  series: null,
  zone: null,
}

/** How a field is written in the address, and read from there: undefined for what cannot be read. */
interface Codec<Value> {
  readonly write: (value: Value) => string
  readonly read: (text: string) => Value | undefined
}

const text: Codec<string> = { write: (value) => value, read: (value) => value }
const name: Codec<string | null> = {
  write: (value) => value ?? '',
  read: (value) => (value === '' ? null : value),
}
const share: Codec<number> = {
  write: String,
  read: (value) => (Number(value) >= 0 && Number(value) <= 100 ? Number(value) : undefined),
}

const codecs: { readonly [Name in keyof State]: Codec<State[Name]> } = {
  tab: { write: (value) => value, read: (value) => tabs.find((tab) => tab === value) },
  view: { write: (value) => value?.join(',') ?? '', read: readView },
  item: name,
  other: name,
  area: { write: writeArea, read: readArea },
  mask: text,
  scale: text,
  colormap: text,
  rescale: { write: (value) => value, read: (value) => readRange(value)?.join(',') },
  size: text,
  trust: text,
  opacity: share,
  api: text,
  collection: text,
  from: text,
  to: text,
  cloud: share,
  interval: text,
  series: name,
  zone: name,
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- keys of the table itself
export const fields = Object.keys(codecs) as readonly (keyof State)[]

/** Only what differs from the first view stands in the address. */
export function toQuery(state: State): string {
  const query = new URLSearchParams()
  for (const field of fields) {
    const written = writeField(state, field)
    if (written !== writeField(initial, field)) query.set(field, written)
  }
  return query.toString()
}

/**
 * The end of the page's address. Servers take addresses of some thousand letters: the outline of a field that is longer
 * stands in the fragment, which no server is sent.
 */
export function toAddress(state: State): string {
  const query = toQuery(state)
  if (query === '') return ''
  if (query.length <= LONGEST_QUERY || state.area === null) return `?${query}`
  const area = encodeURIComponent(writeArea(state.area))
  return `?${toQuery({ ...state, area: null })}#area=${area}`
}

/** What cannot be read is left as it is at first. */
export function fromAddress({ search, hash }: { search: string; hash: string }): State {
  return fromQuery(hash.startsWith('#area=') ? `${search}&${hash.slice(1)}` : search)
}

export function fromQuery(search: string): State {
  const query = new URLSearchParams(search)
  let state = initial
  for (const field of fields) {
    const written = query.get(field)
    if (written !== null) state = readField(state, field, written)
  }
  return state
}

/** Whether a field says the same in both. */
export function isSame(one: State, other: State, field: keyof State): boolean {
  return writeField(one, field) === writeField(other, field)
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- ties the codec to the value
function writeField<Name extends keyof State>(state: State, field: Name): string {
  return codecs[field].write(state[field])
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- ties the codec to the value
function readField<Name extends keyof State>(state: State, field: Name, written: string): State {
  const value = codecs[field].read(written)
  return value === undefined ? state : { ...state, [field]: value }
}

function readView(written: string): View | undefined {
  const parts = written.split(',')
  const [longitude = NaN, latitude = NaN, zoom = NaN] = parts.map(Number)
  const isPlace = Number.isFinite(longitude) && Math.abs(latitude) <= 90
  const isView = parts.length === 3 && isPlace && zoom >= 0 && zoom <= HIGHEST_ZOOM
  return isView ? [longitude, latitude, zoom] : undefined
}

/** A box is four numbers, any other area its GeoJSON. */
function writeArea(area: Area | null): string {
  if (area === null) return ''
  return boxOf(area)?.map(rounded).join(',') ?? JSON.stringify(area)
}

function readArea(written: string): Area | undefined {
  const box = readBox(written)
  if (box !== null) return areaOf(box)
  try {
    return readGeometry(JSON.parse(written)) ?? undefined
  } catch {
    return undefined
  }
}
