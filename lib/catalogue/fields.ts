// The `fields` of a STAC API search: https://github.com/stac-api-extensions/fields

import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'

/** Absent is not empty: what is excluded is taken from all there is where nothing is said of what to include. */
export interface Fields {
  readonly include?: readonly string[] | null | undefined
  readonly exclude?: readonly string[] | null | undefined
}

/** Where fields are to be chosen, and none is. */
const standard = [
  'type',
  'stac_version',
  'id',
  'collection',
  'geometry',
  'bbox',
  'links',
  'assets',
  'properties.datetime',
  'properties.start_datetime',
  'properties.end_datetime',
]
/** What an item has whichever fields are included. */
const base = ['type', 'id', 'collection', 'links']

/** A field that is included stays where what it lies in is excluded; an item keeps its id and collection in any case. */
export function selectFields(item: JsonObject, { include, exclude }: Fields): JsonObject {
  const wanted = include ?? []
  const unwanted = (exclude ?? []).filter((name) => !wanted.includes(name))
  const isAll = include === undefined && unwanted.length > 0
  const from = isAll ? item : pick(item, wanted.length > 0 ? base : standard)
  const rest = unwanted.reduce(without, from)
  const { id, collection } = item
  return {
    ...wanted.reduce((picked, name) => put(picked, item, name.split('.')), rest),
    id,
    collection,
  }
}

function pick(item: JsonObject, names: readonly string[]): JsonObject {
  return names.reduce<JsonObject>((picked, name) => put(picked, item, name.split('.')), {})
}

function put(target: JsonObject, source: JsonObject, path: readonly string[]): JsonObject {
  const found = step(source, path)
  if (found === null) return target
  const { name, rest, value } = found
  if (rest.length === 0) return { ...target, [name]: value }
  const inner = target[name]
  if (!isJsonObject(value)) return target
  return { ...target, [name]: put(isJsonObject(inner) ? inner : {}, value, rest) }
}

function without(source: JsonObject, name: string): JsonObject {
  return remove(source, name.split('.'))
}

function remove(source: JsonObject, path: readonly string[]): JsonObject {
  const found = step(source, path)
  if (found === null) return source
  const { name, rest, value } = found
  const others = Object.fromEntries(Object.entries(source).filter(([key]) => key !== name))
  if (rest.length === 0 || !isJsonObject(value)) return others
  return { ...source, [name]: remove(value, rest) }
}

interface Step {
  readonly name: string
  readonly rest: readonly string[]
  readonly value: Json
}

/** Names may hold points themselves: the longest that is there. */
function step(source: JsonObject, path: readonly string[]): Step | null {
  for (let length = path.length; length > 0; length--) {
    const name = path.slice(0, length).join('.')
    const value = Object.hasOwn(source, name) ? source[name] : undefined
    if (value !== undefined) return { name, rest: path.slice(length), value }
  }
  return null
}
