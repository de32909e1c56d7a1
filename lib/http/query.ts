// Reads what a caller asks for in a query string.

import { GreenprintError } from '../errors.ts'
import { jsonFaultOf, parseJsonText } from '../model/json-text.ts'
import type { SceneListRequest } from '../model/scene-list.ts'
import { type AskedNdvi, readNdviBody, readScenesBody } from '../request/read.ts'

const lists = new Set(['mask', 'outputs'])
const numbers = new Set(['lon', 'lat', 'max_size', 'width', 'height', 'limit', 'page'])

/**
 * The same names as query parameters: lists by comma, objects as JSON; numbers by comma are read as in a body. `f`
 * chooses the format and is not part of it.
 *
 * @throws {GreenprintError} `invalid_request`
 */
export function readNdviQuery(query: URLSearchParams): AskedNdvi {
  return readNdviBody(readFields(query), true)
}

/**
 * A search with the names of STAC API's own `GET /search`, and a page of its answer.
 *
 * @throws {GreenprintError} `invalid_request`
 */
export function readScenesQuery(query: URLSearchParams): SceneListRequest {
  return readScenesBody(readFields(query))
}

/** @throws {GreenprintError} `invalid_request` */
export function readFields(query: URLSearchParams): Readonly<Record<string, unknown>> {
  const fields = new Map<string, unknown>()
  for (const [name, text] of query) {
    if (name === 'f') continue
    fields.set(name, readParameter(name, text))
  }
  return Object.fromEntries(fields)
}

function readParameter(name: string, text: string): unknown {
  if (text.startsWith('{') || text.startsWith('[')) return readJson(name, text)
  if (name === 'pin' || name === 'names')
    return text === 'true' ? true : text === 'false' ? false : text
  if (lists.has(name)) return text === '' ? [] : text.split(',').map((part) => part.trim())
  return numbers.has(name) && text !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}

function readJson(name: string, text: string): unknown {
  try {
    return parseJsonText(text)
  } catch (cause) {
    const fault = jsonFaultOf(cause, text)
    throw new GreenprintError('invalid_request', `${name} is not valid JSON: ${fault}.`, { cause })
  }
}
