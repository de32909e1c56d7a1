// A web server of plain files that answers ranges, and can answer them wrongly in every way that a copy of a file can
// be wrong.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { Certificate } from './certificate.ts'

export interface AskedRange {
  readonly path: string
  /** First and last byte; null where the whole file was asked for. */
  readonly range: readonly [first: number, last: number] | null
  readonly encoding: string | undefined
}

/** What it does instead of serving; `serve` serves. */
export type Deed =
  | 'serve'
  | 'flips one bit'
  | 'has another file'
  | 'shifts by a byte'
  | 'sends the whole file (200)'
  | 'names another range'
  | 'names no range'
  | 'sends fewer bytes'
  | 'compresses (gzip)'
  | 'says gzip and lies'
  | 'shows a log-in page'
  | 'redirects to a log-in page'
  | 'hangs'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }

export interface RangeServer {
  /** Origin. */
  readonly url: string
  readonly files: Map<string, Uint8Array>
  readonly asked: AskedRange[]
  deed: Deed
  close(): Promise<void>
}

export async function startRangeServer(
  files: Readonly<Record<string, Uint8Array>>,
  certificate?: Certificate,
): Promise<RangeServer> {
  const answer = (request: IncomingMessage, response: ServerResponse) =>
    respond(host, request, response)
  const server =
    certificate === undefined ? createServer(answer) : createTlsServer(certificate, answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a listening TCP server has an AddressInfo
  const { port } = server.address() as AddressInfo
  const host: RangeServer = {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    files: new Map(Object.entries(files).map(([name, bytes]) => [`/${name}`, bytes])),
    asked: [],
    deed: 'serve',
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return host
}

function respond(host: RangeServer, request: IncomingMessage, response: ServerResponse): void {
  const { deed } = host
  const path = request.url ?? '/'
  const file = host.files.get(path)
  if (path === '/log-in') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1>Log in</h1>')
    return
  }
  const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')
  const range = match === null ? null : ([Number(match[1]), Number(match[2])] as const)
  host.asked.push({ path, range, encoding: request.headers['accept-encoding'] })
  if (deed === 'hangs') return
  if (typeof deed === 'object') {
    response.writeHead(deed.status, deed.headers).end('not today')
  } else if (deed === 'shows a log-in page') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1>Log in</h1>')
  } else if (deed === 'redirects to a log-in page') {
    response.writeHead(302, { location: '/log-in' }).end()
  } else if (file === undefined) {
    response.writeHead(404).end()
  } else if (range === null || deed === 'sends the whole file (200)') {
    const body = deed === 'flips one bit' ? flipped(file) : file
    response.writeHead(200, { 'content-length': body.length }).end(body)
  } else if (range[0] >= file.length) {
    response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end()
  } else {
    sendRange(deed, file, [range[0], Math.min(range[1], file.length - 1)], response)
  }
}

function sendRange(
  deed: Deed,
  file: Uint8Array,
  [first, last]: readonly [number, number],
  response: ServerResponse,
): void {
  const shift = deed === 'names another range' ? 1 : 0
  const told = `bytes ${first + shift}-${last + shift}/${file.length}`
  const headers = deed === 'names no range' ? {} : { 'content-range': told }
  const part = partOf(deed, file, first, last)
  if (deed === 'compresses (gzip)') {
    response.writeHead(206, { ...headers, 'content-encoding': 'gzip' }).end(gzipSync(part))
  } else if (deed === 'says gzip and lies') {
    response.writeHead(206, { ...headers, 'content-encoding': 'gzip' }).end(part)
  } else {
    response.writeHead(206, headers).end(part)
  }
}

function partOf(deed: Deed, file: Uint8Array, first: number, last: number): Uint8Array {
  const part = file.slice(first, last + 1)
  if (deed === 'flips one bit') return flipped(part)
  if (deed === 'has another file') return part.map((byte, at) => byte ^ (at + first))
  if (deed === 'sends fewer bytes') return part.subarray(1)
  if (deed === 'shifts by a byte') return Buffer.concat([part.subarray(1), part.subarray(0, 1)])
  return part
}

function flipped(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes)
  const middle = copy.length >> 1
  copy[middle] = (copy[middle] ?? 0) ^ 1
  return copy
}
