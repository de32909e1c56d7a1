// A service of the IPFS Pinning Service API as a publisher: it fetches the blocks itself, from who holds them already.
// https://ipfs.github.io/pinning-services-api-spec/

import { type Clock, systemClock } from '../async/clock.ts'
import type { PsaConfig } from '../config/publishers.ts'
import { describeError } from '../errors.ts'
import { type Cid, isSameCid } from '../ipld/cid.ts'
import { isJsonObject } from '../model/json.ts'
import type { Receipt } from '../model/result.ts'
import type { Http } from '../net/http.ts'
import type { Publisher } from './publisher.ts'
import { createService, parseJson, type Service, serviceTimes, textOf } from './service.ts'

const MOST_LOOKS = 4

/** One request for a pin, as the service has it: it stays under way where it cannot be asked what became of it. */
interface Pin {
  readonly request: string
  readonly status: string
  readonly details: string
}

/** `held` once the service says `pinned`; until then `queued`, with the id of its request. */
export function createPsaPublisher(
  { url, token }: PsaConfig,
  http: Http,
  clock: Clock = systemClock,
  times = serviceTimes,
): Publisher {
  const service = createService({
    name: 'The pinning service',
    url,
    headers: { authorization: `Bearer ${token}` },
    settings: { address: 'PSA_URL', key: 'PSA_TOKEN' },
    http,
    clock,
    times,
  })
  return {
    name: 'psa',
    needsHolder: true,
    async publish({ root }, signal) {
      const known = await findPin(root, service, signal)
      const pin = known ?? (await addPin(root, service, signal))
      const last = await follow(pin, root, service, signal)
      if (last.status === 'pinned') return { status: 'held' }
      if (last.status === 'failed') {
        throw service.failure(`could not pin it: ${last.details || 'no reason given'}`)
      }
      return queued(last)
    },
  }
}

function queued({ request, status, details }: Pin): Receipt {
  const last = details === '' ? '' : `; last heard: ${details}`
  const reason = `the service fetches it (${status}); its request is ${request}${last}`
  return { status: 'queued', request, reason }
}

/** A request that is under way or done; one that failed is made anew. */
async function findPin(root: Cid, service: Service, signal: AbortSignal): Promise<Pin | null> {
  const path = `/pins?cid=${root.toString()}&status=queued,pinning,pinned`
  const value = parseJson(textOf(await service.call(path, {}, signal)))
  const results = isJsonObject(value) ? value['results'] : undefined
  const pins = Array.isArray(results) ? results.flatMap((entry) => readPin(entry, root) ?? []) : []
  return pins.find(({ status }) => status === 'pinned') ?? pins[0] ?? null
}

async function addPin(root: Cid, service: Service, signal: AbortSignal): Promise<Pin> {
  const cid = root.toString()
  const reply = await service.call(
    '/pins',
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ cid, name: cid }),
      again: false,
    },
    signal,
  )
  const pin = readPin(parseJson(textOf(reply)), root)
  if (pin === null) throw service.failure(`did not take the request for ${cid}.`)
  return pin
}

async function follow(pin: Pin, root: Cid, service: Service, signal: AbortSignal): Promise<Pin> {
  let last = pin
  const isOver = () => last.status === 'pinned' || last.status === 'failed'
  if (isOver()) return last
  const path = `/pins/${encodeURIComponent(pin.request)}`
  const look = async () => {
    last = readPin(parseJson(textOf(await service.call(path, {}, signal))), root) ?? last
    return isOver() ? true : null
  }
  try {
    await service.poll(look, MOST_LOOKS, signal)
  } catch (error) {
    return { ...last, details: describeError(signal.aborted ? signal.reason : error) }
  }
  return last
}

/** null for what is not a pin of this root. */
function readPin(value: unknown, root: Cid): Pin | null {
  if (!isJsonObject(value)) return null
  const { requestid, status, pin, info } = value
  const cid = isJsonObject(pin) ? pin['cid'] : undefined
  const isOurs = typeof cid === 'string' && isSameCid(cid, root)
  if (typeof requestid !== 'string' || typeof status !== 'string' || !isOurs) return null
  const details = isJsonObject(info) ? info['status_details'] : undefined
  return {
    request: requestid.slice(0, 200),
    status,
    details: typeof details === 'string' ? details.slice(0, 200) : '',
  }
}
