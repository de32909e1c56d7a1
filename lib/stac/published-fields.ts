// Fields of a published item as they are read again: what is missing, or is not what it should be, is told by its name.

import { GreenprintError } from '../errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'

/** Of an item that is none of ours. @param what what is wrong with it */
export function notOurs(what: string): GreenprintError {
  return new GreenprintError(
    'item_invalid',
    `The item is none that Greenprint published with a result: ${what}. Give the root of the result, or its item.json.`,
  )
}

/**
 * What the item says that was asked for, read as a caller's own request is.
 *
 * @throws {GreenprintError} `item_invalid` in place of `invalid_request`
 */
export function readAsked<Request>(read: () => Request): Request {
  try {
    return read()
  } catch (error) {
    const isRequest = error instanceof GreenprintError && error.code === 'invalid_request'
    throw isRequest ? notOurs(`greenprint:request: ${error.details.join('; ')}`) : error
  }
}

/** @throws {GreenprintError} `item_invalid` */
export function objectAt(value: JsonObject, name: string, where = name): JsonObject {
  const found = value[name]
  if (!isJsonObject(found)) throw notOurs(`it has no ${where}`)
  return found
}

/** @throws {GreenprintError} `item_invalid` */
export function textAt(value: Json | undefined, where: string): string {
  if (typeof value === 'string') return value
  throw notOurs(`${where} is no text`)
}

const special: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
}

/** Numbers that JSON lacks are text. @throws {GreenprintError} `item_invalid` */
export function nodataOf(value: Json, where: string): number {
  const number = typeof value === 'string' ? special[value] : undefined
  return number ?? numberOf(value, where)
}

/** @throws {GreenprintError} `item_invalid` */
export function numberOf(value: Json, where: string): number {
  if (typeof value === 'number') return value
  throw notOurs(`${where} holds ${JSON.stringify(value).slice(0, 40)} in place of a number`)
}

/** Of a list that decides pixels: no product has nearly as many. Each costs a look at every number of a band. */
const MOST_NUMBERS = 64

/** @throws {GreenprintError} `item_invalid` */
export function numbersOf(value: Json, where: string): readonly number[] {
  return listOf(value, where).map((each) => numberOf(each, where))
}

/** @throws {GreenprintError} `item_invalid` */
export function listOf(value: Json, where: string): readonly Json[] {
  if (!Array.isArray(value)) throw notOurs(`${where} has no list where there should be one`)
  if (value.length > MOST_NUMBERS) throw notOurs(`${where} has a list of ${value.length}`)
  return value
}
