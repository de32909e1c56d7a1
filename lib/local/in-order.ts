// Requests of one connection, which may come all at once: https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

type Handle = (request: IncomingMessage, response: ServerResponse) => void

/**
 * Each is handled once the answer before it has been sent. Node hands over all that are in one piece of a connection,
 * thousands of them, and their answers would wait in memory for a caller who need not read any.
 */
export function inOrder(handle: Handle): Handle {
  /** What comes next on a connection whose last request is not answered. */
  const waiting = new WeakMap<Socket, (() => void)[]>()
  return (request, response) => {
    const { socket } = request
    const line = waiting.get(socket)
    const begin = () => {
      // Where nobody is there any more, what comes after it is left, too.
      if (!socket.destroyed) handle(request, response)
    }
    response.once('close', () => {
      const next = waiting.get(socket)?.shift()
      if (next === undefined) waiting.delete(socket)
      else next()
    })
    if (line === undefined) {
      waiting.set(socket, [])
      begin()
    } else line.push(begin)
  }
}
