// CQL2 as JSON, its basic part: https://docs.ogc.org/is/21-065r2/21-065r2.html

import { boxGeometry, touching } from '../geo/antimeridian.ts'
import { isGeometry } from '../geo/intersects.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import { boxOf, isBox } from '../request/catalogue-search.ts'
import { type Condition, compare, propertyOf, type Truth, valuesOf } from './conditions.ts'

/** Operators of one filter: each is asked of every item. */
const MOST_OPERATORS = 100

/** What an expression comes to for an item. */
type Predicate = (item: JsonObject) => Truth

/**
 * Reads a filter. A comparison with what an item does not have is neither true nor false, and neither is what denies
 * it: an item is found only by what is true of it.
 *
 * @throws {TypeError} with a clause that says what is not understood
 */
export function readFilter(filter: unknown): Condition {
  let left = MOST_OPERATORS
  function predicate(value: Json | undefined): Predicate {
    if (typeof value === 'boolean') return () => value
    if (!isJsonObject(value) || typeof value['op'] !== 'string' || !Array.isArray(value['args'])) {
      throw new TypeError('is not CQL2 JSON: {"op": …, "args": […]}')
    }
    if (--left < 0) throw new TypeError(`has more than ${MOST_OPERATORS} operators`)
    return operation(value['op'].toLowerCase(), value['args'])
  }

  function operation(op: string, args: readonly Json[]): Predicate {
    if (op === 'and' || op === 'or') {
      const parts = args.map(predicate)
      if (parts.length < 2) throw new TypeError(`has "${op}" with less than two arguments`)
      return op === 'and'
        ? (item) => all(parts.map((part) => part(item)))
        : (item) => any(parts.map((part) => part(item)))
    }
    if (op === 'not') {
      requireCount(op, args, 1)
      const part = predicate(args[0])
      return (item) => denied(part(item))
    }
    const values = op === 's_intersects' ? [] : valuesOf(op, args)
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
          all([
            compare(value?.(item), from?.(item), (order) => order >= 0),
            compare(value?.(item), to?.(item), (order) => order <= 0),
          ])
      }
      case 'in': {
        const [value, ...listed] = values
        return (item) =>
          any(listed.map((each) => compare(value?.(item), each(item), (order) => order === 0)))
      }
      default: {
        const holds = comparisons[op]
        if (holds === undefined)
          throw new TypeError(`has the operator "${op.slice(0, 40)}", which is none of ${names}`)
        requireCount(op, args, 2)
        const [one, other] = values
        return (item) => compare(one?.(item), other?.(item), holds)
      }
    }
  }

  const whole = predicate(asJson(filter))
  return (item) => whole(item) === true
}

function all(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false
  return truths.includes(null) ? null : true
}

function any(truths: readonly Truth[]): Truth {
  return denied(all(truths.map(denied)))
}

function denied(truth: Truth): Truth {
  return truth === null ? null : !truth
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
].join(', ')

function spatial(args: readonly Json[]): Predicate {
  requireCount('s_intersects', args, 2)
  const [geometry = null] = args.filter((arg) => propertyOf(arg) !== 'geometry').map(geometryOf)
  if (geometry === null)
    throw new TypeError(
      'has s_intersects of something else than {"property": "geometry"} and a GeoJSON geometry or {"bbox": […]}',
    )
  const touchesIt = touching(geometry)
  return (item) => (item['geometry'] == null ? null : touchesIt(item['geometry']))
}

/** null for what is none. */
function geometryOf(literal: Json): JsonObject | null {
  if (isGeometry(literal)) return literal
  const box = isJsonObject(literal) && Array.isArray(literal['bbox']) ? literal['bbox'] : []
  const numbers = box.filter((side) => typeof side === 'number')
  const isWhole = numbers.length === box.length && (box.length === 4 || box.length === 6)
  return isWhole && isBox(numbers) ? boxGeometry(boxOf(numbers)) : null
}

function requireCount(op: string, args: readonly Json[], count: number): void {
  if (args.length !== count)
    throw new TypeError(`has "${op}" with ${args.length} arguments, not ${count}`)
}

function asJson(value: unknown): Json {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was parsed from JSON
  return value as Json
}
