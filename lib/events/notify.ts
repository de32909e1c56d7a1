// Every message of an event, each for itself: submitted, filtered, ignored or failed.

import { createLimit } from '../async/limit.ts'
import { nextTurn, turnIsOver } from '../async/turns.ts'
import { describeError, GreenprintError } from '../errors.ts'
import type { Submission, Submit } from '../jobs/submit.ts'
import { faultOf, type Log } from '../log.ts'
import { decide, type NoticeContext } from './decision.ts'
import { unwrap } from './envelope.ts'
import { follow, type Places } from './follow.ts'
import type { Content, ReceivedMessage } from './message.ts'
import { type Notice, readNotice } from './notice.ts'

export interface NoticeServices extends NoticeContext, Places {
  readonly submit: Submit
  readonly log: Log
}

export interface Outcome {
  readonly outcome: 'submitted' | 'known' | 'filtered' | 'ignored' | 'failed'
  /** Its id in the queue. */
  readonly message?: string
  readonly scene?: string
  readonly job?: string
  readonly status?: Submission['status']
  /** Why it was filtered, ignored or failed. */
  readonly reason?: string
}

/** The answer to SQS: which messages go back to the queue. */
export interface BatchReply {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[]
}

/** Notices handled at once. */
const AT_ONCE = 8

/**
 * One line is logged per scene. Messages of a queue fail one by one; where there is no queue, a failed message
 * fails the whole event, so that its sender tries again: what was submitted before is known then.
 *
 * @throws {GreenprintError} the first fault of an event that came by no queue
 */
export async function notify(
  event: unknown,
  services: NoticeServices,
  signal: AbortSignal,
): Promise<BatchReply | { readonly outcomes: readonly Outcome[] }> {
  const line = createLimit(AT_ONCE)
  const deliveries = unwrap(event)
  const told = (messageId: string | null, { error, ...settled }: Settlement) => {
    const outcome: Outcome = { ...settled, ...(messageId === null ? {} : { message: messageId }) }
    const level = error === undefined ? 'info' : 'error'
    const fault = error === undefined ? {} : faultOf(error)
    services.log(level, { event: 'notice', ...outcome, ...fault })
    return { outcome, error }
  }
  const inLine = <T>(work: () => Promise<T>) => line.run(work, signal)
  const each = await Promise.all(
    deliveries.map(async ({ messageId, content }) => {
      const settlements = await settleAll(content, services, inLine, signal)
      return settlements.map((settlement) => told(messageId, settlement))
    }),
  )
  const settled = each.flat()
  const orphan = settled.find(
    ({ outcome, error }) => error !== undefined && outcome.message === undefined,
  )
  if (orphan !== undefined) throw orphan.error
  const outcomes = settled.map(({ outcome }) => outcome)
  return fromQueue(deliveries) ? { batchItemFailures: failuresOf(outcomes) } : { outcomes }
}

interface Settlement extends Outcome {
  readonly error?: unknown
}

/** Of every scene that the message announces; never rejects. */
async function settleAll(
  content: Content,
  services: NoticeServices,
  inLine: <T>(work: () => Promise<T>) => Promise<T>,
  signal: AbortSignal,
): Promise<readonly Settlement[]> {
  if ('ignored' in content) return [{ outcome: 'ignored', reason: content.ignored }]
  try {
    if ('fault' in content) throw new GreenprintError('invalid_request', content.fault)
    const notice = readNotice(content.message)
    const notices = await inLine(() => follow(notice, services, signal))
    const settle = (one: Notice) => inLine(() => settleOne(one, services, signal)).catch(failure)
    return await Promise.all(notices.map(settle))
  } catch (error) {
    return [failure(error)]
  }
}

async function settleOne(
  notice: Notice,
  services: NoticeServices,
  signal: AbortSignal,
): Promise<Settlement> {
  // A message has up to 500 items, and others may be asking this process.
  if (turnIsOver()) await nextTurn(signal)
  const { scene, ...decision } = await decide(notice, services, signal)
  const named = scene === null ? {} : { scene }
  if ('filtered' in decision) return { outcome: 'filtered', ...named, reason: decision.filtered }
  const { id, status } = await services.submit(decision.order, signal)
  const isDone = status === 'successful' || status === 'failed'
  return { outcome: isDone ? 'known' : 'submitted', ...named, job: id, status }
}

function failure(error: unknown): Settlement {
  return { outcome: 'failed', reason: describeError(error), error }
}

function fromQueue(deliveries: readonly ReceivedMessage[]): boolean {
  return deliveries.some(({ messageId }) => messageId !== null)
}

/** A message may hold several notices: it goes back once. */
function failuresOf(outcomes: readonly Outcome[]): BatchReply['batchItemFailures'] {
  const ids = outcomes.flatMap(({ outcome, message }) =>
    outcome === 'failed' && message !== undefined ? [message] : [],
  )
  return [...new Set(ids)].map((itemIdentifier) => ({ itemIdentifier }))
}
