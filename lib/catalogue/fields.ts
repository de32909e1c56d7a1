// The `fields` of a STAC API search: https://github.com/stac-api-extensions/fields

import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'

export interface Fields {
  readonly include: readonly string[]
  readonly exclude: readonly string[]
}

/** What an item has where nothing is said but what it should have besides. */
const always = [
  'type',
  'stac_version',
  'id',
  'collection',
  'geometry',
  'bbox',
  'links',
  'assets',
  'properties.datetime',
]

/** A field that is named within one that is excluded stays; an item keeps its id and collection in any case. */
export function selectFields(item: JsonObject, { include, exclude }: Fields): JsonObject {
  const names = include.length === 0 ? null : [...always, ...include]
  const wanted = names === null ? item : pick(item, names)
  const { id, collection } = item
  const rest = exclude.filter((name) => !include.includes(name))
  return { ...rest.reduce(without, wanted), id, collection }
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
