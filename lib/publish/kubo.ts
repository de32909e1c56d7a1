// A Kubo node, or a service that speaks its RPC API, as a publisher: https://docs.ipfs.tech/reference/kubo/rpc/

import { type Clock, systemClock } from '../async/clock.ts'
import type { GatewayConfig } from '../config/addresses.ts'
import { type Cid, isSameCid, matchesCid } from '../ipld/cid.ts'
import { isJsonObject } from '../model/json.ts'
import type { Receipt } from '../model/result.ts'
import type { Http } from '../net/http.ts'
import { afterTaking } from './after-taking.ts'
import { carForm } from './multipart.ts'
import type { Publisher } from './publisher.ts'
import { createService, parseJson, type Service, serviceTimes, textOf } from './service.ts'
import type { Upload } from './upload.ts'

const API = '/api/v0'
const MOST_BLOCK_BYTES = 2 * 1024 * 1024
/** What services answer that lend only a part of the API. */
const NOT_OFFERED = [404, 405, 501]

/**
 * Imports the CAR and pins its root. `held` when the node lists the pin and gives the sample blocks back; of a service
 * that gives out no blocks, the pin counts.
 *
 * @param node its address, and the headers that identify us
 */
export function createKuboPublisher(
  node: GatewayConfig,
  http: Http,
  clock: Clock = systemClock,
  times = serviceTimes,
): Publisher {
  const service = createService({
    name: 'The Kubo node',
    url: node.url.replace(/\/api\/v0$/, ''),
    headers: node.headers,
    settings: { address: 'KUBO_RPC_URL', key: 'KUBO_RPC_HEADERS' },
    http,
    clock,
    times,
  })
  return {
    name: 'kubo',
    makesReachable: true,
    async publish(upload, signal) {
      // A small request first: who is refused has not sent the CAR in vain, and who was here before need not send it.
      if (!(await isPinned(upload.root, service, signal))) await importCar(upload, service, signal)
      return afterTaking(() => confirm(upload, service, signal), signal)
    },
  }
}

/** @throws {GreenprintError} `publishing_failed` unless the node pinned this very root */
async function importCar(upload: Upload, service: Service, signal: AbortSignal): Promise<void> {
  const { contentType, body } = carForm(upload)
  const reply = await service.call(
    `${API}/dag/import?pin-roots=true&stats=true`,
    { method: 'POST', headers: { 'content-type': contentType }, body },
    signal,
  )
  const streamError = reply.trailers.get('x-stream-error') ?? reply.headers.get('x-stream-error')
  if (streamError !== null && streamError !== '') {
    throw service.failure(`broke off the import: ${streamError.slice(0, 200)}`)
  }
  const roots = textOf(reply).split('\n').flatMap(readRoot)
  const other = roots.find(({ cid }) => !isSameCid(cid, upload.root))
  if (other !== undefined || roots.length === 0) {
    const imported = other?.cid.slice(0, 100) ?? 'no root'
    throw service.failure(`imported ${imported} instead of ${upload.root.toString()}.`)
  }
  // A pin that failed is answered 200.
  const failed = roots.find(({ pinError }) => pinError !== '')
  if (failed !== undefined) {
    throw service.failure(`does not pin it: ${failed.pinError.slice(0, 200)}`)
  }
}

/** `{"Root":{"Cid":{"/":"bafy…"},"PinErrorMsg":""}}`, one line a root; `{"Stats":…}` is none. */
function readRoot(line: string): { cid: string; pinError: string }[] {
  const value = parseJson(line)
  const root = isJsonObject(value) ? value['Root'] : undefined
  if (!isJsonObject(root)) return []
  const { Cid: link, PinErrorMsg: pinError } = root
  const cid = isJsonObject(link) ? link['/'] : undefined
  return [
    {
      cid: typeof cid === 'string' ? cid : '',
      pinError: typeof pinError === 'string' ? pinError : '',
    },
  ]
}

/** Kubo answers 500 for what is not pinned. */
async function isPinned(root: Cid, service: Service, signal: AbortSignal): Promise<boolean> {
  const reply = await service.call(
    `${API}/pin/ls?arg=${root.toString()}&type=recursive`,
    { method: 'POST', accepts: [...NOT_OFFERED, 500] },
    signal,
  )
  const value = parseJson(textOf(reply))
  const keys = isJsonObject(value) ? value['Keys'] : undefined
  return isJsonObject(keys) && Object.keys(keys).some((key) => isSameCid(key, root))
}

async function confirm(upload: Upload, service: Service, signal: AbortSignal): Promise<Receipt> {
  // A node that is pinning the same root for somebody else lists it a moment later.
  const look = async () => ((await isPinned(upload.root, service, signal)) ? true : null)
  const pinned = (await service.poll(look, 3, signal)) === true
  for (const { cid } of upload.sampleBlocks) {
    const reply = await service.call(
      `${API}/block/get?arg=${cid.toString()}`,
      { method: 'POST', maxBytes: MOST_BLOCK_BYTES, accepts: [...NOT_OFFERED, 500] },
      signal,
    )
    if (NOT_OFFERED.includes(reply.status) && pinned) return { status: 'held' }
    if (reply.status !== 200 || !matchesCid(cid, reply.body)) {
      return unproven(`it does not give block ${cid.toString()} back (HTTP ${reply.status})`)
    }
  }
  return pinned ? { status: 'held' } : unproven('it does not list the pin')
}

function unproven(why: string): Receipt {
  return {
    status: 'unproven',
    reason: `imported, but the node does not show that it holds it: ${why}`,
  }
}
