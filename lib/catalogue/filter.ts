// CQL2 as JSON, its basic part: https://docs.ogc.org/is/21-065r2/21-065r2.html

import { touching } from '../geo/antimeridian.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'

export type Condition = (item: JsonObject) => boolean

/** A value of an item in an expression; undefined where it has none. */
type Value = (item: JsonObject) => Json | undefined

/** Operators of one filter: each is asked of every item. */
const MOST_OPERATORS = 100

/**
 * Reads a filter. A comparison with what an item does not have is false.
 *
 * @throws {TypeError} with a clause that says what is not understood
 */
export function readFilter(filter: unknown): Condition {
  let left = MOST_OPERATORS
  function condition(value: Json | undefined): Condition {
    if (typeof value === 'boolean') return () => value
    if (!isJsonObject(value) || typeof value['op'] !== 'string' || !Array.isArray(value['args'])) {
      throw new TypeError('is not CQL2 JSON: {"op": …, "args": […]}')
    }
    if (--left < 0) throw new TypeError(`has more than ${MOST_OPERATORS} operators`)
    return operation(value['op'].toLowerCase(), value['args'])
  }

  function operation(op: string, args: readonly Json[]): Condition {
    if (op === 'and' || op === 'or') {
      const parts = args.map(condition)
      if (parts.length < 2) throw new TypeError(`has "${op}" with less than two arguments`)
      return op === 'and'
        ? (item) => parts.every((part) => part(item))
        : (item) => parts.some((part) => part(item))
    }
    if (op === 'not') {
      requireCount(op, args, 1)
      const part = condition(args[0])
      return (item) => !part(item)
    }
    const values = op === 's_intersects' ? [] : argumentsOf(op, args)
    switch (op) {
      case 'isnull': {
        requireCount(op, args, 1)
        const [value] = values
        return (item) => value?.(item) == null
      }
      case 's_intersects':
        return spatial(args)
      case 'between': {
        requireCount(op, args, 3)
        const [value, from, to] = values
        return (item) =>
          compare(value?.(item), from?.(item), (order) => order >= 0) &&
          compare(value?.(item), to?.(item), (order) => order <= 0)
      }
      case 'in': {
        const [value, ...listed] = values
        return (item) =>
          listed.some((each) => compare(value?.(item), each(item), (order) => order === 0))
      }
      default: {
        const holds = comparisons[op]
        if (holds === undefined)
          throw new TypeError(`has the operator "${op.slice(0, 40)}", which is none of ${names}`) // prettier-ignore
        requireCount(op, args, 2)
        const [one, other] = values
        return (item) => compare(one?.(item), other?.(item), holds)
      }
    }
  }

  return condition(asJson(filter))
}

/**
 * The `query` of a search: https://github.com/stac-api-extensions/query. All of it must hold.
 *
 * @throws {TypeError} with a clause that says what is not understood
 */
export function readQuery(query: JsonObject): Condition {
  const parts = Object.entries(query).flatMap(([name, tests]) => {
    if (!isJsonObject(tests)) throw new TypeError(`${name}: must be an object of operators`)
    return Object.entries(tests).map(([operator, value = null]) =>
      queryTest(name, operator.toLowerCase(), value),
    )
  })
  if (parts.length > MOST_OPERATORS)
    throw new TypeError(`has more than ${MOST_OPERATORS} operators`)
  return (item) => parts.every((part) => part(item))
}

function queryTest(name: string, operator: string, value: Json): Condition {
  const holds = queryComparisons[operator]
  const [one, ...rest] = argumentsOf('in', [{ property: name }, value])
  if (holds !== undefined)
    return (item) => {
      const told = one?.(item)
      return compare(told, asTypeOf(told, rest[0]?.(item)), holds)
    }
  if (operator === 'in') {
    if (!Array.isArray(value)) throw new TypeError(`${name}: "in" takes a list`)
    // Of a property that is a list, one of its members is enough.
    return (item) => {
      const told = one?.(item)
      const members = Array.isArray(told) ? told : [told]
      const isEqual = (order: number) => order === 0
      return rest.some((each) => members.some((member) => compare(member, each(item), isEqual)))
    }
  }
  const find = queryTexts[operator]
  if (find === undefined) {
    const known = [...Object.keys(queryComparisons), 'in', ...Object.keys(queryTexts)].join(', ')
    throw new TypeError(`${name}: "${operator.slice(0, 40)}" is none of ${known}`)
  }
  if (typeof value !== 'string') throw new TypeError(`${name}: "${operator}" takes a text`)
  return (item) => {
    const text = lookUp(item, name)
    return typeof text === 'string' && find(text, value)
  }
}

/** A number in quotes is one where the item has numbers: some clients write every value as text. */
function asTypeOf(told: Json | undefined, value: Json | undefined): Json | undefined {
  const isNumber = typeof told === 'number' && typeof value === 'string' && value.trim() !== ''
  return isNumber && !Number.isNaN(Number(value)) ? Number(value) : value
}

const queryTexts: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  startswith: (text, part) => text.startsWith(part),
  endswith: (text, part) => text.endsWith(part),
  contains: (text, part) => text.includes(part),
}

const queryComparisons: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  neq: (order) => order !== 0,
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
}

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}
const names = [
  'and',
  'or',
  'not',
  ...Object.keys(comparisons),
  'isNull',
  'between',
  'in',
  's_intersects',
].join(', ') // prettier-ignore

/** Names that are texts in time, whatever stands in them. */
const times = new Set(['datetime', 'start_datetime', 'end_datetime', 'created', 'updated'])

function argumentsOf(op: string, args: readonly Json[]): Value[] {
  // The second argument of `in` is a list.
  const flat = op === 'in' ? args.flat() : args
  const isTime = flat.some((arg) => times.has(propertyOf(arg) ?? ''))
  return flat.map((arg) => valueOf(arg, isTime))
}

function propertyOf(arg: Json): string | null {
  return isJsonObject(arg) && typeof arg['property'] === 'string' ? arg['property'] : null
}

function valueOf(arg: Json, isTime: boolean): Value {
  const name = propertyOf(arg)
  const instant = (value: Json | undefined) => {
    const time = isTime && typeof value === 'string' ? Date.parse(value) : Number.NaN
    return Number.isNaN(time) ? value : time
  }
  if (name !== null) return (item) => instant(lookUp(item, name))
  if (isJsonObject(arg)) {
    const literal = arg['timestamp'] ?? arg['date']
    if (typeof literal !== 'string' || Number.isNaN(Date.parse(literal))) {
      throw new TypeError(
        `has the argument ${JSON.stringify(arg).slice(0, 80)}: give a value, {"property": …} or {"timestamp": …}`,
      ) // prettier-ignore
    }
    const time = Date.parse(literal)
    return () => time
  }
  if (Array.isArray(arg)) throw new TypeError('has a list where a value belongs')
  const constant = instant(arg)
  return () => constant
}

/** `id`, `collection`, and names of properties, with or without `properties.` before them. */
export function lookUp(item: JsonObject, name: string): Json | undefined {
  if (name === 'id' || name === 'collection' || name === 'geometry') return item[name]
  const properties = isJsonObject(item['properties']) ? item['properties'] : {}
  const bare = name.replace(/^properties\./, '')
  return Object.hasOwn(properties, bare) ? properties[bare] : undefined
}

function compare(
  one: Json | undefined,
  other: Json | undefined,
  holds: (order: number) => boolean,
): boolean {
  if (typeof one === 'number' && typeof other === 'number') return holds(one - other)
  if (typeof one === 'string' && typeof other === 'string')
    return holds(one < other ? -1 : one > other ? 1 : 0)
  if (typeof one === 'boolean' && typeof other === 'boolean')
    return holds(Number(one) - Number(other))
  return false
}

function spatial(args: readonly Json[]): Condition {
  requireCount('s_intersects', args, 2)
  const [property, geometry] = args
  if (propertyOf(property ?? null) !== 'geometry' || !isJsonObject(geometry))
    throw new TypeError(
      'has s_intersects of something else than {"property": "geometry"} and a GeoJSON geometry',
    ) // prettier-ignore
  const touchesIt = touching(geometry)
  return (item) => touchesIt(item['geometry'])
}

function requireCount(op: string, args: readonly Json[], count: number): void {
  if (args.length !== count)
    throw new TypeError(`has "${op}" with ${args.length} arguments, not ${count}`) // prettier-ignore
}

function asJson(value: unknown): Json {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was parsed from JSON
  return value as Json
}
