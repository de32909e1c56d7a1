// Events that come to a server by HTTP: read as the bodies of requests are, and refused as those are.

import { GreenprintError } from '../errors.ts'
import type { LocalRoute } from '../local/api-gateway.ts'
import { type Handlers, handlerRoutes } from '../local/routes.ts'
import type { Log } from '../log.ts'
import { parseBody } from './parse-body.ts'
import { problemResponse } from './problem.ts'
import { logRefusal } from './refused-line.ts'

/** The largest message that EventBridge and SQS carry. */
const MOST_BYTES = 1024 * 1024

/** @param folder path of the addresses that take events */
export function serverEvents(handlers: Handlers, folder: string, log: Log): LocalRoute {
  return handlerRoutes(handlers, {
    folder,
    read: readEvent,
    refuse(error, name) {
      const response = problemResponse(error)
      const { status } = response
      logRefusal(log, { method: 'POST', path: `${folder}/${name}`, status, error })
      return response
    },
  })
}

function readEvent(bytes: Uint8Array): unknown {
  if (bytes.length <= MOST_BYTES) return parseBody(new TextDecoder().decode(bytes))
  throw new GreenprintError('too_large', `An event may have at most ${MOST_BYTES} bytes.`)
}
