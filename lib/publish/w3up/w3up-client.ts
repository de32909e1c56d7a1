// The only door to w3up-client and ucanto: the space of an upload service that one key and one proof open.

import type { Client } from '@web3-storage/w3up-client'
import type { ServiceConf, UnknownLink } from '@web3-storage/w3up-client/types'
import type { W3upConfig } from '../../config/publishers.ts'
import { GreenprintError } from '../../errors.ts'
import type { CarContent } from '../upload.ts'
import { W3upSilence, type W3upTransport } from './w3up-transport.ts'

export interface W3upSpace {
  /** Stores the blocks of a CAR, a shard of it in memory at a time, and registers them under its root. */
  upload(car: CarContent, signal: AbortSignal): Promise<W3upUpload>
}

export interface W3upUpload {
  readonly root: string
  /** CIDs of the CARs that the service said it stored. */
  readonly shards: readonly string[]
  /** CIDs of the CARs that it lists under the root; `unseen` where the proof does not let us look. */
  lookUp(): Promise<readonly string[] | 'unseen'>
}

const NEEDED = ['space/blob/add', 'space/index/add', 'upload/add'] as const
type Ability = (typeof NEEDED)[number] | 'upload/get' | 'upload/list'

/** Of a CAR that is larger: the client has two of them in memory. */
const SHARD_BYTES = 32 * 1024 * 1024

/** A list cannot be asked for one upload, and a space may hold any number of them. */
const MOST_PAGES = 20

/**
 * Opens the space of W3UP_PROOF. Nothing is written to disk or to the console.
 *
 * @throws {GreenprintError} `invalid_configuration` when the settings cannot belong together
 */
export async function openW3upSpace(
  config: W3upConfig,
  transport: W3upTransport,
): Promise<W3upSpace> {
  const { create } = await import('@web3-storage/w3up-client')
  const { StoreMemory } = await import('@web3-storage/w3up-client/stores/memory')
  const { principal, proof } = await readCredentials(config)
  const client = await create({
    principal,
    store: new StoreMemory(),
    serviceConf: await connectTo(config, transport),
    receiptsEndpoint: new URL('/receipt/', config.url),
  })
  const space = await client.addSpace(proof)
  await client.setCurrentSpace(space.did())
  for (const can of NEEDED) {
    if (!grants(client, can)) {
      throw misconfigured(`W3UP_PROOF has expired or does not grant ${can}.`)
    }
  }
  return { upload: (car, signal) => upload(client, transport, car, signal) }
}

async function readCredentials({ key, proof: text }: W3upConfig) {
  const Key = await import('@web3-storage/w3up-client/principal/ed25519')
  const Proof = await import('@web3-storage/w3up-client/proof')
  const principal = await orNull(() => Key.parse(key))
  if (principal === null) {
    throw misconfigured('W3UP_KEY is not a private key as `w3 key create` prints it (Mg…).')
  }
  const proof = await orNull(() => Proof.parse(text))
  if (proof?.capabilities[0].with.startsWith('did:key:') !== true) {
    throw misconfigured(
      'W3UP_PROOF is not a delegation from a space as `w3 delegation create … --base64` prints it.',
    )
  }
  const [audience, agent] = [proof.audience.did(), principal.did()]
  if (audience !== agent) {
    throw misconfigured(
      `W3UP_PROOF was made for ${audience}, but W3UP_KEY is ${agent}: create the delegation for the latter.`,
    )
  }
  return { principal, proof }
}

async function connectTo({ url, did }: W3upConfig, transport: W3upTransport): Promise<ServiceConf> {
  const { connect } = await import('@ucanto/client')
  const { CAR, HTTP } = await import('@ucanto/transport')
  const DID = await import('@ipld/dag-ucan/did')
  const id = await orNull(() => DID.parse(did))
  if (id === null) throw misconfigured('W3UP_DID is not a DID, such as did:web:up.example.org.')
  const channel = HTTP.open<Record<string, never>>({
    url: new URL(url),
    async fetch(target, { headers, body }) {
      const reply = await transport.send(target, { method: 'POST', headers, body })
      return toResponse(reply)
    },
  })
  const connection: unknown = connect({ id, codec: CAR.outbound, channel })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- w3up-client brings its own copies of ucanto's types; at run time they are one
  const same = connection as ServiceConf['access'] & ServiceConf['upload'] & ServiceConf['filecoin']
  return { access: same, upload: same, filecoin: same }
}

async function upload(
  client: Client,
  transport: W3upTransport,
  car: CarContent,
  signal: AbortSignal,
): Promise<W3upUpload> {
  const shards: string[] = []
  const root = await client.uploadCAR(readable(car, signal), {
    shardSize: SHARD_BYTES,
    // @ts-expect-error -- null turns off the hashing of Filecoin pieces (150 ms for a megabyte); undefined does not
    pieceHasher: null,
    retries: 0,
    onShardStored: ({ cid }) => shards.push(cid.toString()),
    fetch: await fetchThrough(transport),
  })
  return { root: root.toString(), shards, lookUp: () => lookUp(client, root) }
}

/** What the client reads of a Blob. */
function readable(car: CarContent, signal: AbortSignal) {
  return { stream: () => ReadableStream.from(car.pieces(signal)) }
}

/** For blobs, which go where the service says, and for receipts. */
async function fetchThrough(transport: W3upTransport): Promise<typeof globalThis.fetch> {
  const { CAR } = await import('@ucanto/transport')
  return async (target, init = {}) => {
    const url = target instanceof Request ? target.url : target.toString()
    if (init.method === 'PUT') {
      const headers = Object.fromEntries(new Headers(init.headers))
      const body = init.body instanceof Uint8Array ? init.body : new Uint8Array(0)
      return toResponse(await transport.send(url, { method: 'PUT', headers, body }))
    }
    const reply = await transport.poll(url)
    // Tried here, because the client prints what it cannot read.
    const receipt = await orNull(() => CAR.request.decode({ headers: {}, body: reply.body }))
    if (receipt === null) throw new W3upSilence('its receipt cannot be read')
    return toResponse(reply)
  }
}

async function lookUp(client: Client, root: UnknownLink): Promise<readonly string[] | 'unseen'> {
  if (grants(client, 'upload/get')) {
    const found = await client.capability.upload.get(root, { retries: 0 })
    return found.root.toString() === root.toString() ? (found.shards ?? []).map(String) : []
  }
  if (!grants(client, 'upload/list')) return 'unseen'
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const list = await client.capability.upload.list(cursor === undefined ? {} : { cursor })
    const found = list.results.find((entry) => entry.root.toString() === root.toString())
    if (found !== undefined) return (found.shards ?? []).map(String)
    if (list.after === undefined) break
    cursor = list.after
  }
  return []
}

function grants(client: Client, can: Ability): boolean {
  const space = client.currentSpace()?.did()
  return space !== undefined && client.proofs([{ can, with: space }]).length > 0
}

function toResponse({ status, headers, body }: Awaited<ReturnType<W3upTransport['send']>>) {
  const type = headers.get('content-type')
  return new Response(status === 204 ? null : body, {
    status,
    ...(type === null ? {} : { headers: { 'content-type': type } }),
  })
}

/** What a parser says of a text that it cannot read may quote a secret: its error ends here. */
async function orNull<T>(read: () => T | Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch {
    return null
  }
}

function misconfigured(message: string): GreenprintError {
  return new GreenprintError('invalid_configuration', message)
}
