// Pinata as a publisher: its v3 API, https://docs.pinata.cloud/api-reference/

import { type Clock, systemClock } from '../async/clock.ts'
import type { PinataConfig } from '../config/publishers.ts'
import { createGateway } from '../ipfs/gateway.ts'
import type { BlockSource } from '../ipfs/source.ts'
import { type Cid, isSameCid } from '../ipld/cid.ts'
import { isJsonObject } from '../model/json.ts'
import type { Receipt } from '../model/result.ts'
import type { Http } from '../net/http.ts'
import type { HttpReply } from '../net/reply.ts'
import { afterTaking } from './after-taking.ts'
import { carForm } from './multipart.ts'
import type { Publisher } from './publisher.ts'
import { readBack } from './read-back.ts'
import { createService, parseJson, type Service, serviceTimes, textOf } from './service.ts'
import { uploadResumable } from './tus.ts'
import type { Upload } from './upload.ts'

export interface PinataHosts {
  readonly api: string
  readonly uploads: string
}

const pinataHosts: PinataHosts = {
  api: 'https://api.pinata.cloud/v3',
  uploads: 'https://uploads.pinata.cloud/v3',
}

/** A larger form is refused: https://docs.pinata.cloud/account-management/limits */
export const MOST_FORM_BYTES = 90 * 1024 * 1024
const MOST_LOOKS = 4

/** `held` when the account lists the root and, where its gateway is known, that gives the sample blocks out. */
export function createPinataPublisher(
  { jwt, gateway }: PinataConfig,
  http: Http,
  clock: Clock = systemClock,
  times = serviceTimes,
  hosts = pinataHosts,
): Publisher {
  const common = {
    name: 'Pinata',
    headers: { authorization: `Bearer ${jwt}` },
    settings: { address: 'the network', key: 'PINATA_JWT' },
    http,
    clock,
    times,
  }
  const api = createService({ ...common, url: hosts.api })
  const uploads = createService({ ...common, url: hosts.uploads })
  return {
    name: 'pinata',
    makesReachable: true,
    async publish(upload, signal) {
      const { root } = upload
      if (!(await isListed(root, api, signal))) {
        const cid = await send(upload, uploads, signal)
        if (cid !== null && !isSameCid(cid, root)) {
          throw uploads.failure(`registered ${cid.slice(0, 100)} instead of ${root.toString()}.`)
        }
      }
      const source = gateway && createGateway(gateway, http, clock)
      return afterTaking(() => confirm(upload, api, source, signal), signal)
    },
  }
}

/** @param source the account's own gateway, where it is known */
async function confirm(
  { root, sampleBlocks }: Upload,
  api: Service,
  source: BlockSource | null,
  signal: AbortSignal,
): Promise<Receipt> {
  const look = async () => ((await isListed(root, api, signal)) ? true : null)
  const listed = await api.poll(look, MOST_LOOKS, signal)
  if (listed === null) return unproven('the account does not list it yet')
  if (source === null) return { status: 'held' }
  let missing: string | null = null
  const cids = sampleBlocks.map(({ cid }) => cid)
  const read = await api.poll(
    async () => {
      missing = await readBack(source, cids, signal)
      return missing === null ? true : null
    },
    2,
    signal,
  )
  return read === true ? { status: 'held' } : unproven(`its gateway does not serve ${missing}`)
}

function unproven(why: string): Receipt {
  return { status: 'unproven', reason: `uploaded, but ${why}` }
}

async function isListed(root: Cid, api: Service, signal: AbortSignal): Promise<boolean> {
  const reply = await api.call(`/files/public?cid=${root.toString()}&limit=1`, {}, signal)
  const value = parseJson(textOf(reply))
  const data = isJsonObject(value) ? value['data'] : undefined
  const files = isJsonObject(data) ? data['files'] : undefined
  return Array.isArray(files) && files.some((file) => isSameCid(cidOf(file) ?? '', root))
}

/** @returns the CID that the service gave it, where it says so */
async function send(upload: Upload, uploads: Service, signal: AbortSignal): Promise<string | null> {
  const name = `${upload.root.toString()}.car`
  const fields = { network: 'public', car: 'true', name }
  if (upload.car.size > MOST_FORM_BYTES) {
    const type = 'application/vnd.ipld.car'
    const metadata = { filename: name, filetype: type, ...fields }
    return uploadResumable('/files', upload.car, metadata, uploads, signal)
  }
  const { contentType, body } = carForm(upload, fields)
  const reply = await uploads.call(
    '/files',
    {
      method: 'POST',
      headers: { 'content-type': contentType },
      body,
      accepts: [400, 402, 403],
    },
    signal,
  )
  if (reply.status >= 400) throw refusedCar(reply, uploads)
  const value = parseJson(textOf(reply))
  const cid = cidOf(isJsonObject(value) ? value['data'] : undefined)
  if (cid === null) throw uploads.refusal(reply, 'answered without the CID of the upload')
  return cid
}

/** The key was good enough for the listing: it is the plan that does not take CARs. */
function refusedCar(reply: HttpReply, uploads: Service): Error {
  const what = `does not take the CAR (HTTP ${reply.status}), for which it wants a plan that is paid for`
  return uploads.refusal(reply, what)
}

function cidOf(file: unknown): string | null {
  const cid = isJsonObject(file) ? file['cid'] : undefined
  return typeof cid === 'string' ? cid : null
}
