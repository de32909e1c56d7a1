// A batch of queue messages, one after the other: which of them go back to the queue, and when they are redelivered.

import type { Deadline } from '../async/deadline.ts'
import type { InvocationTime } from '../async/time-limit.ts'
import { GreenprintError } from '../errors.ts'
import { faultOf, type Log, type LogLevel } from '../log.ts'
import { MOST_RECEIVES } from './job.ts'
import { isJobId } from './job-store.ts'
import type { JobQueue } from './queue.ts'
import { type JobDelivery, type Verdict, type WorkServices, workJob } from './run-job.ts'

/** A message as SQS hands it to a Lambda function. */
export interface QueueRecord {
  readonly messageId: string
  readonly receiptHandle: string
  readonly body: string
  readonly attributes: { readonly ApproximateReceiveCount: string }
}

/** The answer of a function with ReportBatchItemFailures. */
export interface BatchAnswer {
  readonly batchItemFailures: { readonly itemIdentifier: string }[]
}

export interface DeliveryServices extends WorkServices {
  readonly queue: JobQueue | null
  /** A signal that aborts after so many ms. */
  readonly startDeadline: (ms: number) => Deadline
  readonly log: Log
}

/** Reserved for recording that a job was stopped, and for the last log line. */
const WORK_MARGIN_MS = 10_000
const END_MARGIN_MS = 2_000
/** With less time left no lease is taken. */
const LEAST_WORK_MS = 5_000

/** When to look again at a job that another worker holds. */
const BUSY_MS = 300_000
/** The first pause after a passing fault; each next one is four times as long. */
const FIRST_PAUSE_MS = 60_000

/** Messages do not affect each other: whatever happens to one, the next is worked on. */
export async function workDeliveries(
  records: readonly QueueRecord[],
  services: DeliveryServices,
  time: InvocationTime,
): Promise<BatchAnswer> {
  const batchItemFailures: BatchAnswer['batchItemFailures'] = []
  for (const record of records) {
    if (await goesBack(record, services, time)) {
      batchItemFailures.push({ itemIdentifier: record.messageId })
    }
  }
  return { batchItemFailures }
}

async function goesBack(
  record: QueueRecord,
  services: DeliveryServices,
  time: InvocationTime,
): Promise<boolean> {
  const { clock, startDeadline, log } = services
  const left = time.getRemainingTimeInMillis()
  if (left < WORK_MARGIN_MS + LEAST_WORK_MS) return true
  const receives = Number(record.attributes.ApproximateReceiveCount)
  const started = clock.elapsed()
  const work = startDeadline(left - WORK_MARGIN_MS)
  const end = startDeadline(left - END_MARGIN_MS)
  try {
    const verdict = await judge(record.body, receives, services, work.signal, end.signal)
    const { outcome, error, id } = verdict
    const fault = error === undefined ? {} : faultOf(error)
    const ms = Math.round(clock.elapsed() - started)
    log(levelOf(verdict), {
      event: 'job',
      message: record.messageId,
      id,
      receives,
      outcome,
      ms,
      ...fault,
    })
    if (verdict.goesBack) await postpone(record, pauseOf(verdict, receives), services, end.signal)
    return verdict.goesBack
  } finally {
    work.clear()
    end.clear()
  }
}

/** A message that is not ours, or whose job cannot be read, goes back with its reason in the log. */
async function judge(
  body: string,
  receives: number,
  services: DeliveryServices,
  work: AbortSignal,
  end: AbortSignal,
): Promise<Verdict & { readonly id?: string }> {
  try {
    const { id } = readMessage(body)
    return { id, ...(await workJob({ id, receives }, services, { work, end })) }
  } catch (error) {
    return { outcome: 'again', goesBack: true, error }
  }
}

/** @throws {GreenprintError} `invalid_request` */
function readMessage(body: string): Pick<JobDelivery, 'id'> {
  try {
    const message: unknown = JSON.parse(body)
    const id =
      typeof message === 'object' && message !== null && 'id' in message ? message.id : null
    if (typeof id === 'string' && isJobId(id)) return { id }
  } catch {
    // Reported below.
  }
  throw new GreenprintError(
    'invalid_request',
    `This message does not name a job: ${body.slice(0, 200)}`,
  )
}

/** The last delivery goes to the dead-letter queue without a pause. */
function pauseOf({ outcome }: Verdict, receives: number): number {
  if (receives >= MOST_RECEIVES) return 0
  return outcome === 'busy' || outcome === 'lost' ? BUSY_MS : FIRST_PAUSE_MS * 4 ** (receives - 1)
}

/** If this fails the message comes back too, after the queue's whole visibility time-out. */
async function postpone(
  { receiptHandle }: QueueRecord,
  ms: number,
  { queue, log }: DeliveryServices,
  signal: AbortSignal,
): Promise<void> {
  try {
    await queue?.postpone(receiptHandle, ms, signal)
  } catch (error) {
    log('warn', { event: 'postpone', ...faultOf(error) })
  }
}

function levelOf({ outcome, error }: Verdict): LogLevel {
  if (error === undefined) return 'info'
  return outcome === 'given up' ? 'error' : 'warn'
}
