// What the conditions of a search are made of: values of items, and how two of them compare.

import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import { readTime } from '../stac/acquisition.ts'

export type Condition = (item: JsonObject) => boolean

/** null for what cannot be told of an item: it lacks a value, or has one of another type. */
export type Truth = boolean | null

/** A value of an item in an expression; undefined where it has none. */
export type Value = (item: JsonObject) => Json | undefined

/** Names that are texts in time, whatever they are compared with. */
const times = new Set(['datetime', 'start_datetime', 'end_datetime', 'created', 'updated'])

/**
 * The arguments of an operator. Beside a time, texts are times.
 *
 * @throws {TypeError} with a clause that says what is not understood
 */
export function valuesOf(op: string, args: readonly Json[]): Value[] {
  // The second argument of `in` is a list.
  const flat = op === 'in' ? args.flat() : args
  const isTime = flat.some((arg) => literalOf(arg) !== null || times.has(propertyOf(arg) ?? ''))
  return flat.map((arg) => valueOf(arg, isTime))
}

export function propertyOf(arg: Json): string | null {
  return isJsonObject(arg) && typeof arg['property'] === 'string' ? arg['property'] : null
}

function literalOf(arg: Json): Json | null {
  return isJsonObject(arg) ? (arg['timestamp'] ?? arg['date'] ?? null) : null
}

function valueOf(arg: Json, isTime: boolean): Value {
  const name = propertyOf(arg)
  const instant = (value: Json | undefined) =>
    isTime && typeof value === 'string' ? (instantOf(value) ?? value) : value
  if (name !== null) return (item) => instant(lookUp(item, name))
  if (isJsonObject(arg)) {
    const literal = literalOf(arg)
    const time = typeof literal === 'string' ? instantOf(literal) : null
    if (time === null) {
      throw new TypeError(
        `has the argument ${JSON.stringify(arg).slice(0, 80)}: give a value, {"property": …} or {"timestamp": …}`,
      )
    }
    return () => time
  }
  if (Array.isArray(arg)) throw new TypeError('has a list where a value belongs')
  const constant = instant(arg)
  return () => constant
}

/** Milliseconds since 1970, of a date or a year those of its beginning; null for no time. Without a zone it is UTC. */
function instantOf(text: string): number | null {
  const told = readTime(/^\d{4}$/.test(text) ? `${text}-01-01` : text)
  return told && Date.parse(told.start)
}

/** `id`, `collection`, and names of properties, with or without `properties.` before them. */
export function lookUp(item: JsonObject, name: string): Json | undefined {
  if (name === 'id' || name === 'collection' || name === 'geometry') return item[name]
  const properties = isJsonObject(item['properties']) ? item['properties'] : {}
  const bare = name.replace(/^properties\./, '')
  return Object.hasOwn(properties, bare) ? properties[bare] : undefined
}

/** @param holds told how the two are ordered: below 0, 0, or above it */
export function compare(
  one: Json | undefined,
  other: Json | undefined,
  holds: (order: number) => boolean,
): Truth {
  if (typeof one === 'number' && typeof other === 'number') return holds(one - other)
  if (typeof one === 'string' && typeof other === 'string')
    return holds(one < other ? -1 : one > other ? 1 : 0)
  if (typeof one === 'boolean' && typeof other === 'boolean')
    return holds(Number(one) - Number(other))
  return null
}
