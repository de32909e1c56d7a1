// A web service on loopback that answers by a function, and can be ill in the ways that services were seen to be.

import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StubRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface StubAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | object
  readonly trailers?: Readonly<Record<string, string>>
}

/** `hang` never answers, `reset` breaks the connection, `cut` breaks it in the middle of the body. */
export type Illness = 'hang' | 'reset' | 'cut' | StubAnswer

export interface StubService {
  readonly url: string
  /** `POST /path?query` in order of arrival. */
  readonly asked: string[]
  readonly requests: StubRequest[]
  /** What is to happen to the next requests instead, each once; undefined = nothing. */
  readonly ills: (Illness | undefined)[]
  /** What happens to every request instead. */
  illness: Illness | null
  stop(): Promise<void>
}

export const page: StubAnswer = {
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><html><title>Just a moment…</title></html>',
}

/** @param answer of the service when it is well */
export async function startStubService(
  answer: (request: StubRequest) => StubAnswer | Promise<StubAnswer>,
): Promise<StubService> {
  const server = createServer((request, response) => {
    void (async () => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(Buffer.from(part))
      const url = new URL(request.url ?? '/', 'http://localhost')
      const asked: StubRequest = {
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(parts),
      }
      stub.asked.push(`${asked.method} ${request.url}`)
      stub.requests.push(asked)
      const ill = stub.ills.shift() ?? stub.illness
      if (ill === 'hang') return
      if (ill === 'reset') {
        response.destroy()
        return
      }
      const isCut = ill === 'cut'
      send(response, isCut || ill === null ? await answer(asked) : ill, isCut)
    })().catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only a pipe's address is a string
  const { port } = server.address() as AddressInfo
  const stub: StubService = {
    url: `http://127.0.0.1:${port}`,
    asked: [],
    requests: [],
    ills: [],
    illness: null,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return stub
}

function send(response: ServerResponse, answer: StubAnswer, isCut: boolean): void {
  const { status = 200, headers = {}, body = '', trailers = {} } = answer
  const isPlain = typeof body === 'string' || body instanceof Uint8Array
  const bytes = Buffer.from(isPlain ? body : JSON.stringify(body))
  const type = isPlain ? {} : { 'content-type': 'application/json' }
  const names = Object.keys(trailers).join(', ')
  response.writeHead(status, { ...type, ...headers, ...(names === '' ? {} : { trailer: names }) })
  if (isCut) {
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)))
    setTimeout(() => response.destroy(), 20)
    return
  }
  response.write(bytes)
  response.addTrailers(trailers)
  response.end()
}

/** The file of a form, and the fields before it. */
export function readForm({ headers, body }: StubRequest): {
  readonly fields: Readonly<Record<string, string>>
  readonly file: Buffer<ArrayBuffer>
  readonly fileHead: string
} {
  const boundary = /boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1]
  if (boundary === undefined) throw new Error('not a form')
  const fields: Record<string, string> = {}
  let at = 0
  for (;;) {
    const headEnd = body.indexOf('\r\n\r\n', at)
    if (headEnd < 0) throw new Error('a form without a file')
    const head = body.subarray(at, headEnd).toString()
    const end = body.indexOf(`\r\n--${boundary}`, headEnd)
    const content = body.subarray(headEnd + 4, end)
    const name = /name="([^"]*)"/.exec(head)?.[1] ?? ''
    if (name === 'file') return { fields, file: Buffer.from(content), fileHead: head }
    fields[name] = content.toString()
    at = end + 2
  }
}
