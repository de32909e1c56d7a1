// A trustless gateway that we did not write: @web3-storage/gateway-lib over dagula, as w3s.link ran it, over blocks
// in memory.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { handleBlock, handleCar, handleUnixfs } from '@web3-storage/gateway-lib/handlers'
import {
  composeMiddleware,
  createWithHttpMethod,
  withContext,
  withErrorHandler,
  withParsedIpfsUrl,
} from '@web3-storage/gateway-lib/middleware'
import { type BlockService, type Blockstore, Dagula } from 'dagula'
import { parseCid } from '../../lib/ipld/cid.ts'
import type { MemoryBlocks } from './blocks.ts'

export interface IndependentGateway {
  readonly url: string
  /** Milliseconds before each answer. */
  latencyMs: number
  /** Paths with their queries, in the order asked. */
  readonly asked: string[]
  close(): Promise<void>
}

/** What the library's middleware finds in a request, and the services that its handlers ask. */
type Context = Parameters<typeof handleBlock>[2] & Parameters<typeof handleCar>[2]

export async function startIndependentGateway(blocks: MemoryBlocks): Promise<IndependentGateway> {
  const handle = handlerOver(blocks)
  const server = createServer((request, response) => {
    void answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a listening TCP server has an AddressInfo
  const { port } = server.address() as AddressInfo
  const gateway: IndependentGateway = {
    url: `http://127.0.0.1:${port}`,
    latencyMs: 0,
    asked: [],
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    gateway.asked.push(request.url ?? '')
    if (gateway.latencyMs > 0)
      await new Promise((resolve) => setTimeout(resolve, gateway.latencyMs))
    const { accept = '*/*' } = request.headers
    const asked = new Request(`${gateway.url}${request.url ?? ''}`, { headers: { accept } })
    const { status, headers, body } = await handle(asked)
    response.writeHead(status, Object.fromEntries(headers))
    if (body === null) response.end()
    else Readable.fromWeb(body).pipe(response)
  }

  return gateway
}

function handlerOver(blocks: MemoryBlocks): (request: Request) => Promise<Response> {
  const dagula: BlockService = new Dagula(storeOver(blocks))
  const services = { blocks: dagula, dag: dagula, unixfs: dagula }
  const handler = composeMiddleware(
    withContext,
    withErrorHandler,
    createWithHttpMethod('GET', 'HEAD'),
    withParsedIpfsUrl,
  )(async (request, environment, context: Context) => {
    const format = context.searchParams.get('format')
    const serve = format === 'raw' ? handleBlock : format === 'car' ? handleCar : handleUnixfs
    return serve(request, environment, Object.assign(context, services))
  })
  return (request) => handler(request, {}, { waitUntil: () => undefined })
}

function storeOver(blocks: MemoryBlocks): Blockstore {
  const find = (cid: { toString(): string }) => blocks.get(parseCid(cid.toString()))
  return {
    async get(cid) {
      const bytes = find(cid)
      return bytes === null ? undefined : { cid, bytes }
    },
    async stat(cid) {
      const bytes = find(cid)
      return bytes === null ? undefined : { size: bytes.length }
    },
    async stream(cid, { range } = {}) {
      const bytes = find(cid)
      if (bytes === null) return undefined
      const [first = 0, last = bytes.length - 1] = range ?? []
      return new Blob([bytes.subarray(first, last + 1)]).stream()
    },
  }
}
