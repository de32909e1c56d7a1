// The line of a request that a server answers before the routes, which log what they answer themselves.

import type { Refusal } from '../local/api-gateway.ts'
import { faultOf, type Log, loggable } from '../log.ts'
import { levelOf } from './log-line.ts'

export function logRefusal(log: Log, { method, path, status, error }: Refusal): void {
  log(levelOf(status), {
    event: 'refused',
    method,
    path: loggable(path),
    status,
    ...(error === undefined ? {} : faultOf(error)),
  })
}
