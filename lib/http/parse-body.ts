// The body of a request, or of an event that comes by HTTP, as JSON.

import { GreenprintError } from '../errors.ts'
import { countNames, shapeFault, shapeNow } from '../model/json-shape.ts'
import { jsonFaultOf, parseJsonText } from '../model/json-text.ts'

/** @throws {GreenprintError} `invalid_request` */
export function parseBody(text: string): unknown {
  // First: what walks a value takes its time, or descends by recursion.
  const shape = shapeNow(new TextEncoder().encode(text))
  const fault = shapeFault(shape)
  if (fault !== null) throw new GreenprintError('invalid_request', `The request body ${fault}.`)
  const body = parsed(text)
  if (countNames(body) === shape.names) return body
  throw new GreenprintError(
    'invalid_request',
    'The request body has an object with one name twice, of which nobody can tell which is meant: give it once.',
  )
}

function parsed(text: string): unknown {
  try {
    return parseJsonText(text)
  } catch (cause) {
    throw new GreenprintError(
      'invalid_request',
      `The request body is not valid JSON: ${jsonFaultOf(cause, text)}.`,
      { cause },
    )
  }
}
