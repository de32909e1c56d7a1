// A gateway on loopback for every fault of the wild: silent, slow, lying, cut off, too large, too busy, not there at
// all.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { parseCid } from '../../lib/ipld/cid.ts'
import type { MemoryBlocks } from './blocks.ts'
import { pour } from './gateway.ts'

export interface FaultyGateway {
  readonly url: string
  /** Paths that were asked for; connections where it never came to a question. */
  readonly asked: string[]
  close(): Promise<void>
}

interface Scene {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly socket: Socket
  /** The right answer. */
  readonly block: Uint8Array
  readonly blocks: MemoryBlocks
  /** Origin of a gateway that serves. */
  readonly good: string
}

type Deed = (scene: Scene) => void

const raw = { 'content-type': 'application/vnd.ipld.raw' }
const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Deed =>
  ({ response }) =>
    response.writeHead(code, headers).end('not today')

/** Faults by what a reader of the table calls them. */
const deeds = {
  'hangs before headers': () => undefined,
  'stalls in the body': ({ response, block }) => {
    response.writeHead(200, { ...raw, 'content-length': block.length })
    response.write(block.subarray(0, block.length >> 1))
  },
  'drips a byte every 200 ms': ({ response, block }) => {
    response.writeHead(200, { ...raw, 'content-length': block.length })
    let sent = 0
    const drip = () => response.write(block.subarray(sent, ++sent))
    drip()
    const timer = setInterval(drip, 200)
    response.on('close', () => clearInterval(timer))
  },
  'flips one bit': ({ response, block }) => {
    const flipped = Uint8Array.from(block)
    const middle = flipped.length >> 1
    flipped[middle] = (flipped[middle] ?? 0) ^ 1
    response.writeHead(200, raw).end(flipped)
  },
  'sends the block of another CID': ({ response, block, blocks }) => {
    const other = [...blocks.map.values()].find((bytes) => !Buffer.from(bytes).equals(block))
    response.writeHead(200, raw).end(other)
  },
  'is cut short of its content-length': ({ response, block, socket }) => {
    response.writeHead(200, { ...raw, 'content-length': block.length })
    response.write(block.subarray(0, block.length >> 1), () => socket.end())
  },
  'is cut short, no length announced': ({ block, socket }) => {
    socket.write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n')
    socket.end(block.subarray(0, block.length >> 1))
  },
  'announces 50 MB': ({ response }) => {
    response.writeHead(200, { ...raw, 'content-length': 50_000_000 })
    pour(response, 50_000_000)
  },
  'streams 50 MB unannounced': ({ response }) => {
    response.writeHead(200, raw)
    pour(response, 50_000_000)
  },
  'compresses (gzip)': ({ response, block }) =>
    response.writeHead(200, { ...raw, 'content-encoding': 'gzip' }).end(gzipSync(block)),
  'is a gzip bomb': ({ response }) =>
    response.writeHead(200, { ...raw, 'content-encoding': 'gzip' }).end(bomb),
  'redirects to itself for ever': ({ request, response }) =>
    response.writeHead(302, { location: request.url ?? '/' }).end(),
  'redirects to a good gateway': ({ request, response, good }) =>
    response.writeHead(307, { location: `${good}${request.url ?? ''}` }).end(),
  'answers 404': status(404),
  'answers 410': status(410),
  'answers 412': status(412),
  'answers 429, Retry-After in seconds': status(429, { 'retry-after': '60' }),
  'answers 429, Retry-After as a date': ({ response }) => {
    const later = new Date(Date.now() + 60_000).toUTCString()
    response.writeHead(429, { 'retry-after': later }).end()
  },
  'answers 500': status(500),
  'answers 502': status(502),
  'answers 503': status(503),
  'answers 504': status(504),
  'answers 200 with a web page': ({ response }) =>
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<!doctype html><title>Install our service worker</title>'),
  'resets before headers': ({ socket }) => socket.resetAndDestroy(),
  'resets in the body': ({ response, block, socket }) => {
    response.writeHead(200, { ...raw, 'content-length': block.length })
    response.write(block.subarray(0, block.length >> 1), () => {
      setTimeout(() => socket.resetAndDestroy(), 20)
    })
  },
} satisfies Record<string, Deed>

export type Fault =
  | keyof typeof deeds
  | 'has no address (DNS)'
  | 'speaks no TLS'
  | 'refuses connections'

export const faults: readonly Fault[] = [
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the table above
  ...(Object.keys(deeds) as (keyof typeof deeds)[]),
  'has no address (DNS)',
  'speaks no TLS',
  'refuses connections',
]

/** 20 MB of zeros in 20 KB. */
const bomb = gzipSync(new Uint8Array(20_000_000))

export async function startFaultyGateway(
  fault: Fault,
  blocks: MemoryBlocks,
  good: string,
): Promise<FaultyGateway> {
  const asked: string[] = []
  const known: Readonly<Record<string, Deed>> = deeds
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const name = /^\/ipfs\/([^/?]+)/.exec(request.url ?? '')?.[1] ?? ''
    const block = blocks.get(parseCid(name)) ?? new Uint8Array(0)
    known[fault]?.({ request, response, socket: request.socket, block, blocks, good })
  })
  server.on('clientError', (_, socket) => {
    // What speaks TLS to a plain server is no request.
    if (fault === 'speaks no TLS') asked.push('a connection')
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a listening TCP server has an AddressInfo
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  if (fault === 'refuses connections') await close()
  return { url: addressOf(fault, port), asked, close: server.listening ? close : async () => {} }
}

function addressOf(fault: Fault, port: number): string {
  // A label of 64 letters is no host name: the resolver says so without asking anybody.
  if (fault === 'has no address (DNS)') return `http://${'x'.repeat(64)}.invalid:${port}`
  return `${fault === 'speaks no TLS' ? 'https' : 'http'}://127.0.0.1:${port}`
}
