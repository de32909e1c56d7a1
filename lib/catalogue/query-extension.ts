// The `query` of a search: https://github.com/stac-api-extensions/query

import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import { type Condition, compare, lookUp, valuesOf } from './conditions.ts'

/** Operators of one query: each is asked of every item. */
const MOST_OPERATORS = 100

/**
 * Reads a query: all of it must hold.
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
  const [one, ...rest] = valuesOf('in', [{ property: name }, value])
  if (holds !== undefined)
    return (item) => {
      const told = one?.(item)
      return compare(told, asTypeOf(told, rest[0]?.(item)), holds) === true
    }
  if (operator === 'in') {
    if (!Array.isArray(value)) throw new TypeError(`${name}: "in" takes a list`)
    // Of a property that is a list, one of its members is enough.
    return (item) => {
      const told = one?.(item)
      const members = Array.isArray(told) ? told : [told]
      const isEqual = (order: number) => order === 0
      return rest.some((each) =>
        members.some((member) => compare(member, each(item), isEqual) === true),
      )
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
