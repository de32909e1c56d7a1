// Any UCAN upload service (w3up) as a publisher.

import { type Clock, systemClock } from '../../async/clock.ts'
import type { W3upConfig } from '../../config/publishers.ts'
import { GreenprintError } from '../../errors.ts'
import type { Receipt } from '../../model/result.ts'
import type { Http } from '../../net/http.ts'
import type { Publisher } from '../publisher.ts'
import type { Upload } from '../upload.ts'
import { openW3upSpace, type W3upSpace } from './w3up-client.ts'
import { explainW3upFailure } from './w3up-failure.ts'
import { createW3upTransport, w3upTimes } from './w3up-transport.ts'

/**
 * Uploads the CAR as it is. `held` when the service, asked anew, lists the root with every shard it said it stored.
 *
 * @param http must reach the service, and the storage host that the service names
 */
export function createW3upPublisher(
  config: W3upConfig,
  http: Http,
  clock: Clock = systemClock,
  times = w3upTimes,
): Publisher {
  const service = new URL(config.url)
  return {
    name: 'w3up',
    makesReachable: true,
    async publish(upload, signal) {
      signal.throwIfAborted()
      const transport = createW3upTransport(service, http, clock, times, signal)
      try {
        const space = await openW3upSpace(config, transport)
        return await uploadCar(upload, space, service.host, signal)
      } catch (error) {
        signal.throwIfAborted()
        throw error instanceof GreenprintError ? error : explainW3upFailure(error, service.host)
      }
    },
  }
}

async function uploadCar(
  upload: Upload,
  space: W3upSpace,
  host: string,
  signal: AbortSignal,
): Promise<Receipt> {
  const registered = await space.upload(upload.car, signal)
  if (registered.root !== upload.root.toString()) {
    throw new GreenprintError(
      'publishing_failed',
      `The upload service registered ${registered.root} instead of ${upload.root.toString()}.`,
    )
  }
  try {
    const listed = await registered.lookUp()
    if (listed === 'unseen') {
      return unproven('W3UP_PROOF grants neither upload/get nor upload/list')
    }
    const whole =
      registered.shards.length > 0 && registered.shards.every((shard) => listed.includes(shard))
    return whole ? { status: 'held' } : unproven('it is not listed with all its parts')
  } catch (error) {
    signal.throwIfAborted()
    return unproven(explainW3upFailure(error, host).message)
  }
}

function unproven(why: string): Receipt {
  const reason = `uploaded, but the service does not show that it holds it: ${why}`
  return { status: 'unproven', reason }
}
