// What hosts of catalogues and of their files do: item searches, files in ranges, pages to log in on.

import type { IncomingMessage } from 'node:http'
import type { JsonObject } from '../../lib/model/json.ts'
import { answerCopy, type CopyHost, createCopyHost } from './copy-host.ts'
import type { Answer } from './emulated-hosts.ts'
import { answerStac } from './stac-api.ts'

/** The whole body of a request. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

/** A STAC API over these items, whatever it is asked at that time, below a root such as `/v1`. */
export function stacApi(items: () => readonly JsonObject[], root = '/v1'): Answer {
  return async (request, response, url) => {
    const text = await bodyOf(request)
    const body: unknown = text === '' ? null : JSON.parse(text)
    const path = url.pathname.startsWith(root) ? url.pathname.slice(root.length) : url.pathname
    const reply = answerStac(items(), `${url.origin}${root}`, request.method ?? 'GET', path, body)
    response.writeHead(reply.status, { 'content-type': 'application/geo+json' })
    response.end(JSON.stringify(reply.body))
  }
}

/** A host of files, and what it answers by. */
export function fileHost(origin: string): { readonly files: CopyHost; readonly answer: Answer } {
  const files = createCopyHost(origin, async () => undefined)
  return { files, answer: (request, response) => answerCopy(files, request, response) }
}

/** Sends everybody to the page of another host that asks who they are, as USGS does. */
export function loginHost(page: string): Answer {
  return (_, response, __, emulated) =>
    void response.writeHead(302, { location: emulated(page) }).end()
}

export const loginPage: Answer = (_, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>')
}
