// A trustless gateway on loopback that can lie, stall and fail, and that remembers what it was asked.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseCid } from '../../lib/ipld/cid.ts'
import type { MemoryBlocks } from './blocks.ts'

/** What the gateway does instead of serving; `serve` serves. */
export type Behaviour =
  | 'serve'
  | 'hang'
  | 'stall'
  | 'flip'
  | 'html'
  | 'huge'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }

export interface TestGateway {
  readonly url: string
  behaviour: Behaviour
  latencyMs: number
  /** CIDs asked for, in order. */
  readonly asked: string[]
  close(): Promise<void>
}

export async function startGateway(
  blocks: MemoryBlocks,
  behaviour: Behaviour = 'serve',
): Promise<TestGateway> {
  const server = createServer((request, response) => {
    void answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a listening TCP server has an AddressInfo
  const { port } = server.address() as AddressInfo
  const gateway: TestGateway = {
    url: `http://127.0.0.1:${port}`,
    behaviour,
    latencyMs: 0,
    asked: [],
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = /^\/ipfs\/([^/?]+)\?format=raw$/.exec(request.url ?? '')?.[1]
    if (name === undefined || request.headers.accept !== 'application/vnd.ipld.raw') {
      response.writeHead(406).end('this gateway serves raw blocks only')
      return
    }
    gateway.asked.push(name)
    if (gateway.latencyMs > 0)
      await new Promise((resolve) => setTimeout(resolve, gateway.latencyMs))
    const block = blocks.get(parseCid(name))
    respond(response, gateway.behaviour, block)
  }

  return gateway
}

function respond(response: ServerResponse, behaviour: Behaviour, block: Uint8Array | null): void {
  const type = { 'content-type': 'application/vnd.ipld.raw' }
  if (behaviour === 'hang') return
  if (typeof behaviour === 'object') {
    response.writeHead(behaviour.status, behaviour.headers).end('not today')
  } else if (behaviour === 'html') {
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<html>Install our service worker</html>')
  } else if (behaviour === 'huge') {
    response.writeHead(200, type)
    pour(response, 50_000_000)
  } else if (block === null) {
    response.writeHead(404).end('not found')
  } else if (behaviour === 'stall') {
    response.writeHead(200, { ...type, 'content-length': block.length })
    response.write(block.subarray(0, block.length >> 1))
  } else {
    response.writeHead(200, type).end(behaviour === 'flip' ? flipped(block) : block)
  }
}

function flipped(block: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(block)
  const middle = copy.length >> 1
  copy[middle] = (copy[middle] ?? 0) ^ 1
  return copy
}

/** Writes zeros as fast as the reader takes them. */
export function pour(response: ServerResponse, bytes: number): void {
  const chunk = new Uint8Array(64 * 1024)
  let left = bytes
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length
      if (!response.write(chunk)) {
        response.once('drain', more)
        return
      }
    }
    response.end()
  }
  more()
}
