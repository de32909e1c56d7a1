// An IPFS Cluster as a publisher: https://ipfscluster.io/documentation/reference/api/

import { type Clock, systemClock } from '../async/clock.ts'
import type { ClusterConfig } from '../config/publishers.ts'
import { type Cid, isSameCid } from '../ipld/cid.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { Receipt } from '../model/result.ts'
import type { Http } from '../net/http.ts'
import { afterTaking } from './after-taking.ts'
import { carForm } from './multipart.ts'
import type { Publisher } from './publisher.ts'
import { createService, parseJson, type Service, serviceTimes, textOf } from './service.ts'
import type { Upload } from './upload.ts'

/** Peers import in turn: so often it is looked whether they have. */
const MOST_LOOKS = 5

/** `held` when as many peers have pinned it as the cluster's own replication factor wants. */
export function createClusterPublisher(
  { url, auth }: ClusterConfig,
  http: Http,
  clock: Clock = systemClock,
  times = serviceTimes,
): Publisher {
  const service = createService({
    name: 'The IPFS Cluster',
    url,
    headers: auth === null ? {} : { authorization: authorization(auth) },
    settings: { address: 'CLUSTER_URL', key: 'CLUSTER_AUTH' },
    http,
    clock,
    times,
  })
  return {
    name: 'cluster',
    makesReachable: true,
    async publish(upload, signal) {
      const { pinned } = await pinsOf(upload.root, service, signal)
      if (pinned.length === 0) await addCar(upload, service, signal)
      return afterTaking(() => confirm(upload, service, signal), signal)
    },
  }
}

async function confirm({ root }: Upload, service: Service, signal: AbortSignal): Promise<Receipt> {
  const wanted = await peersWanted(root, service, signal)
  let last: Pins = { pinned: [], others: [] }
  const held = await service.poll(
    async () => {
      last = await pinsOf(root, service, signal)
      return isEnough(last, wanted) ? true : null
    },
    MOST_LOOKS,
    signal,
  )
  return held === true ? { status: 'held' } : unproven(last, wanted)
}

function authorization(auth: string): string {
  const isBasic = auth.includes(':')
  return isBasic ? `Basic ${Buffer.from(auth).toString('base64')}` : `Bearer ${auth}`
}

/** One line for each root. @throws {GreenprintError} `publishing_failed` unless it is ours alone */
async function addCar(upload: Upload, service: Service, signal: AbortSignal): Promise<void> {
  const { contentType, body } = carForm(upload)
  const root = upload.root.toString()
  const reply = await service.call(
    `/add?format=car&name=${root}`,
    { method: 'POST', headers: { 'content-type': contentType }, body },
    signal,
  )
  const streamError = reply.trailers.get('x-stream-error')
  if (streamError !== null && streamError !== '') {
    throw service.failure(`broke off the import: ${streamError.slice(0, 200)}`)
  }
  const added = textOf(reply)
    .split('\n')
    .flatMap((line) => {
      const value = parseJson(line)
      const cid = isJsonObject(value) ? value['cid'] : undefined
      return typeof cid === 'string' ? [cid] : []
    })
  const other = added.find((cid) => !isSameCid(cid, upload.root))
  if (other !== undefined || added.length === 0) {
    throw service.failure(`imported ${other?.slice(0, 100) ?? 'no root'} instead of ${root}.`)
  }
}

/** How peers of the cluster stand towards a root, `pinned` or in their own words. */
interface Pins {
  readonly pinned: readonly string[]
  /** `<status>[: <error>]`, of peers that should have it. */
  readonly others: readonly string[]
}

/** What a peer says that has nothing to do with it. */
const ABSENT = new Set(['remote', 'unpinned'])

async function pinsOf(root: Cid, service: Service, signal: AbortSignal): Promise<Pins> {
  const reply = await service.call(`/pins/${root.toString()}`, { accepts: [404] }, signal)
  const value = parseJson(textOf(reply))
  const map = isJsonObject(value) ? value['peer_map'] : undefined
  const peers = isJsonObject(map) ? Object.values(map).filter(isJsonObject) : []
  const stands = peers.map((peer) => {
    const { status } = peer
    return { status: typeof status === 'string' ? status : 'unknown', peer }
  })
  return {
    pinned: stands.filter(({ status }) => status === 'pinned').map(({ status }) => status),
    others: stands
      .filter(({ status }) => status !== 'pinned' && !ABSENT.has(status))
      .map(({ status, peer }) => withError(status, peer)),
  }
}

function withError(status: string, { error }: JsonObject): string {
  return typeof error === 'string' && error !== '' ? `${status}: ${error.slice(0, 200)}` : status
}

/** The least replication factor of the pin; null = every peer. */
async function peersWanted(
  root: Cid,
  service: Service,
  signal: AbortSignal,
): Promise<number | null> {
  const reply = await service.call(`/allocations/${root.toString()}`, { accepts: [404] }, signal)
  const value = parseJson(textOf(reply))
  const least = isJsonObject(value) ? value['replication_factor_min'] : undefined
  if (least === -1) return null
  return typeof least === 'number' && least > 0 ? least : 1
}

function isEnough({ pinned, others }: Pins, wanted: number | null): boolean {
  return pinned.length > 0 && (wanted === null ? others.length === 0 : pinned.length >= wanted)
}

function unproven({ pinned, others }: Pins, wanted: number | null): Receipt {
  const of = wanted === null ? 'all peers' : `${wanted} peers wanted`
  const rest = others.length === 0 ? '' : ` (${others.join(', ')})`
  return { status: 'unproven', reason: `pinned on ${pinned.length} of ${of}${rest}` }
}
