// A real w3up service (@web3-storage/upload-api, its stores in memory) on loopback, with spaces as an operator makes
// them.

import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delegate, Message } from '@ucanto/core'
import { ed25519 } from '@ucanto/principal'
import { CAR } from '@ucanto/transport'
import { createServer as createAgent } from '@web3-storage/upload-api'
import { cleanupContext, createContext } from '@web3-storage/upload-api/test/context'
import { base64 } from 'multiformats/bases/base64'
import { CID } from 'multiformats/cid'
import { identity } from 'multiformats/hashes/identity'
import type { W3upConfig } from '../../lib/config/publishers.ts'

const w3upAbilities = [
  'space/blob/add',
  'space/index/add',
  'upload/add',
  'upload/get',
  'upload/list',
] as const
export type W3upAbility = (typeof w3upAbilities)[number]

export interface W3upSpaceOptions {
  readonly provisioned?: boolean
  readonly abilities?: readonly W3upAbility[]
  /** Seconds since 1970. */
  readonly expiration?: number
  /** The proof is signed by somebody who has no right to the space. */
  readonly forged?: boolean
}

export interface W3upService {
  readonly url: string
  /** Answers a request instead of the service when it returns true. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | null
  /** `POST /`, `GET /receipt/…` in order of arrival. */
  readonly requests: string[]
  /** What the service's own error reporter was told. */
  readonly faults: unknown[]
  /** A new space with a key and a proof for it: what goes into W3UP_*. */
  createSpace(options?: W3upSpaceOptions): Promise<W3upConfig>
  /** From now on it takes uploads and lists none of them. */
  forgetUploads(): void
  /** Everything that was uploaded: CARs and indexes. */
  blobs(): Uint8Array<ArrayBuffer>[]
  stop(): Promise<void>
}

class RecordNotFound extends Error {
  override readonly name = 'RecordNotFound'
}

type Context = Awaited<ReturnType<typeof createContext>>

export async function startW3upService(): Promise<W3upService> {
  const faults: unknown[] = []
  const context = await createContext({
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it creates servers with one listener and nothing else
    http: { ...http, createServer: createLoopbackServer } as typeof http,
    assert: { fail: (error) => faults.push(error) },
    requirePaymentPlan: false,
  })
  const agent = createAgent(context)
  const server = http.createServer((request, response) => {
    service.requests.push(`${request.method} ${request.url}`)
    if (service.intercept?.(request, response) !== true) void answer(request, response)
  })
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const task = /^\/receipt\/(\w+)$/.exec(request.url ?? '')?.[1]
    if (task !== undefined) return answerReceipt(context, task, response)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    )
    const reply = await agent.request({ headers, body: Buffer.concat(chunks) })
    response.writeHead(reply.status ?? 200, reply.headers)
    response.end(reply.body)
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${portOf(server)}`
  const service: W3upService = {
    url,
    intercept: null,
    requests: [],
    faults,
    createSpace: (options = {}) => createSpace(context, url, options),
    forgetUploads() {
      context.uploadTable.get = async () => ({ error: new RecordNotFound() })
      context.uploadTable.list = async () => ({ ok: { size: 0, results: [] } })
    },
    blobs: () => blobsOf(context),
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      await cleanupContext(context)
    },
  }
  return service
}

/** The service's own blob and claims servers listen on every interface unless they are told otherwise. */
function createLoopbackServer(listener: http.RequestListener): http.Server {
  const server = http.createServer(listener)
  const listen = server.listen.bind(server)
  return Object.assign(server, { listen: (ready: () => void) => listen(0, '127.0.0.1', ready) })
}

async function answerReceipt(
  context: Context,
  task: string,
  response: ServerResponse,
): Promise<void> {
  const found = await context.agentStore.receipts.get(CID.parse(task))
  if (found.error) return void response.writeHead(404).end()
  const message = await Message.build({ receipts: [found.ok] })
  const { headers, body } = CAR.request.encode(message)
  response.writeHead(200, headers).end(body)
}

/** What `w3 space create`, `w3 key create` and `w3 delegation create --base64` do. */
async function createSpace(
  context: Context,
  url: string,
  options: W3upSpaceOptions,
): Promise<W3upConfig> {
  const { provisioned = true, abilities = w3upAbilities, expiration = Infinity } = options
  const space = await ed25519.generate()
  const agent = await ed25519.generate()
  if (provisioned) {
    const provision: unknown = {
      consumer: space.did(),
      customer: 'did:mailto:example.com:ops',
      provider: context.id.did(),
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the invocation that caused it is only kept
    const record = provision as Parameters<typeof context.provisionsStorage.put>[0]
    const { error } = await context.provisionsStorage.put(record)
    if (error) throw error
  }
  const [first, ...others] = abilities.map((can) => ({ can, with: space.did() }))
  if (first === undefined) throw new TypeError('a proof grants something')
  const delegation = await delegate({
    issuer: options.forged === true ? await ed25519.generate() : space,
    audience: agent,
    expiration,
    capabilities: [first, ...others],
  })
  const archive = await delegation.archive()
  if (archive.error) throw archive.error
  const proof = CID.createV1(CAR.codec.code, identity.digest(archive.ok)).toString(base64)
  return { url, did: context.id.did(), key: ed25519.format(agent), proof }
}

function blobsOf(context: Context): Uint8Array<ArrayBuffer>[] {
  const storage: object = context.blobsStorage
  if (!('content' in storage) || !(storage.content instanceof Map)) {
    throw new TypeError('the service keeps its blobs elsewhere now')
  }
  return [...storage.content.values()].map((blob: Uint8Array) => new Uint8Array(blob))
}

function portOf(server: http.Server): number {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only a pipe's address is a string
  return (server.address() as AddressInfo).port
}
