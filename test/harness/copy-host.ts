// A host of plain copies as S3, Azure and web servers are: ETags, conditions, ranges; and every way in which one can
// fail a reader.

import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CopyFile {
  bytes: Uint8Array
  /** As the header has it; null sends none. */
  etag: string | null
  /** HTTP date; null sends none. */
  modified: string | null
}

export interface CopyHost {
  /** Origin. */
  readonly url: string
  readonly files: Map<string, CopyFile>
  /** What was asked, in order. */
  readonly asked: IncomingMessage[]
  /** Body bytes that were sent. */
  sent: number
  /** Answers `Range` with 200 and the whole file when false. */
  ranges: boolean
  /** Of an answer that is part of a file. */
  partStatus: 206 | 200
  /** Bytes of a body after which the connection breaks, asked for each answer; null sends all of it. */
  cut: (asked: {
    readonly path: string
    readonly from: number
    readonly length: number
  }) => number | null
  /** Answers instead; true when it did. */
  instead: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>
  put(name: string, bytes: Uint8Array, version?: Partial<Omit<CopyFile, 'bytes'>>): CopyFile
  close(): Promise<void>
}

export async function startCopyHost(): Promise<CopyHost> {
  const server = createServer((request, response) => void answerCopy(host, request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a listening TCP server has an AddressInfo
  const { port } = server.address() as AddressInfo
  const host = createCopyHost(`http://127.0.0.1:${port}`, async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return host
}

/** The host without a server of its own, for a server of another kind: `answerCopy` is what it does. */
export function createCopyHost(url: string, close: () => Promise<void>): CopyHost {
  return {
    url,
    files: new Map(),
    asked: [],
    sent: 0,
    ranges: true,
    partStatus: 206,
    cut: () => null,
    instead: () => false,
    put(name, bytes, version = {}) {
      const digest = createHash('md5').update(bytes).digest('hex')
      const file: CopyFile = {
        bytes,
        // As S3 writes it for a file that came in parts.
        etag: `"${digest}-${Math.ceil(bytes.length / 8_388_608)}"`,
        modified: 'Tue, 03 Nov 2026 10:00:00 GMT',
        ...version,
      }
      this.files.set(`/${name}`, file)
      return file
    },
    close,
  }
}

export async function answerCopy(
  host: CopyHost,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  host.asked.push(request)
  if (await host.instead(request, response)) return
  const { pathname } = new URL(request.url ?? '/', host.url)
  const file = host.files.get(pathname)
  if (file === undefined) return void response.writeHead(404).end()
  const headers: Record<string, string> = {
    'content-type': 'image/tiff',
    ...(host.ranges ? { 'accept-ranges': 'bytes' } : {}),
    ...(file.etag === null ? {} : { etag: file.etag }),
    ...(file.modified === null ? {} : { 'last-modified': file.modified }),
  }
  if (!isAsWanted(request, file)) return void response.writeHead(412, headers).end()
  const range = host.ranges ? readRange(request.headers.range, file.bytes.length) : null
  if (range === 'unsatisfiable') {
    const told = { ...headers, 'content-range': `bytes */${file.bytes.length}` }
    return void response.writeHead(416, told).end()
  }
  const [from, end] = range ?? [0, file.bytes.length]
  const told =
    range === null ? {} : { 'content-range': `bytes ${from}-${end - 1}/${file.bytes.length}` }
  response.writeHead(range === null ? 200 : host.partStatus, {
    ...headers,
    ...told,
    'content-length': end - from,
  })
  if (request.method === 'HEAD') return void response.end()
  const cut = host.cut({ path: pathname, from, length: end - from })
  const body = file.bytes.subarray(from, cut === null ? end : Math.min(end, from + cut))
  host.sent += body.length
  if (cut === null || cut >= end - from) return void response.end(body)
  response.write(body, () => response.destroy())
}

/** If-Match and If-Unmodified-Since, RFC 9110, 13.1: a weak tag matches nothing. */
function isAsWanted({ headers }: IncomingMessage, { etag, modified }: CopyFile): boolean {
  const match = headers['if-match']
  if (match !== undefined) return etag !== null && !etag.startsWith('W/') && match === etag
  const since = headers['if-unmodified-since']
  if (since === undefined || modified === null) return true
  return Date.parse(modified) <= Date.parse(since)
}

function readRange(
  header: string | undefined,
  size: number,
): readonly [from: number, end: number] | null | 'unsatisfiable' {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header ?? '') ?? []
  if (first === undefined) return null
  const from = Number(first)
  return from >= size ? 'unsatisfiable' : [from, Math.min(size, Number(last) + 1)]
}
