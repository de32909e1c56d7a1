// IPNS names resolved once, by what their owners signed: the record of the highest sequence that the gateways have.

import type { Clock } from '../async/clock.ts'
import { describeError, GreenprintError } from '../errors.ts'
import {
  type IpnsName,
  type IpnsRecord,
  parseIpnsName,
  verifyIpnsRecord,
} from '../ipld/ipns-record.ts'
import type { ResolvedName } from '../model/scene.ts'

export interface RecordSource {
  readonly name: string
  /** The signed record of a name, unchecked. @throws {SourceFailure} */
  getRecord(name: string, signal: AbortSignal): Promise<Uint8Array>
}

/** Resolves names: the reading of a path then goes by the CID. */
export type ResolveName = (name: string, signal: AbortSignal) => Promise<ResolvedName>

/** Gateways that are asked, and valid records after which the others are not waited for. */
const MOST_ASKED = 4
const ENOUGH = 2
/** For the others, once one has a valid record: a gateway that finds none may look for it for a minute. */
const GRACE_MS = 3_000

interface Answer {
  readonly source: string
  readonly record: IpnsRecord
}

/** @throws {GreenprintError} from the resolver: `asset_unusable`, `content_unavailable` with one line a gateway */
export function createNames(sources: readonly RecordSource[], clock: Clock): ResolveName {
  return async (text, signal) => {
    const name = parseIpnsName(text)
    const { answers, failures } = await askAll(name, sources.slice(0, MOST_ASKED), clock, signal)
    signal.throwIfAborted()
    const newest = answers.toSorted(byAge).at(-1)
    if (newest === undefined) {
      const details = failures.length > 0 ? failures : ['no gateway is configured']
      const message = `No gateway has a valid record of the IPNS name ${name.text}.`
      throw new GreenprintError('content_unavailable', message, { details })
    }
    const { value, sequence, validity } = newest.record
    if (!value.startsWith('/ipfs/')) {
      const message = `The IPNS name ${name.text} stands for "${value.slice(0, 80)}", not for an /ipfs/ path.`
      throw new GreenprintError('asset_unusable', message)
    }
    return {
      name: name.text,
      value,
      sequence: sequence.toString(),
      validity,
      sources: answers.map(({ source }) => source),
    }
  }
}

async function askAll(
  name: IpnsName,
  sources: readonly RecordSource[],
  clock: Clock,
  signal: AbortSignal,
) {
  const answers: Answer[] = []
  const failures: string[] = []
  const enough = Promise.withResolvers<void>()
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  const asked = sources.map(async (source) => {
    try {
      const bytes = await source.getRecord(name.text, either)
      const record = await verifyIpnsRecord(name, bytes, clock.now())
      answers.push({ source: source.name, record })
      if (answers.length >= ENOUGH) enough.resolve()
      else clock.sleep(GRACE_MS, over.signal).then(enough.resolve, () => undefined)
    } catch (error) {
      failures.push(`${source.name}: ${describeError(error)}`)
    }
  })
  await Promise.race([Promise.all(asked), enough.promise])
  over.abort(new Error('enough gateways have answered'))
  return { answers: [...answers], failures: [...failures] }
}

/** A later record has a higher sequence; of equal ones, that which is valid longer. */
function byAge({ record: one }: Answer, { record: other }: Answer): number {
  if (one.sequence !== other.sequence) return one.sequence < other.sequence ? -1 : 1
  return Date.parse(one.validity) - Date.parse(other.validity)
}
