// A batch of queue messages, one after the other: which of them go back to the queue, and when they are redelivered.

import { anySignal, type Deadline } from '../async/deadline.ts'
import { readTrace, withinInvocation } from '../async/invocation.ts'
import { StepTimes } from '../async/step-times.ts'
import type { InvocationTime } from '../async/time-limit.ts'
import { clip, GreenprintError } from '../errors.ts'
import { faultOf, type Log, type LogLevel } from '../log.ts'
import { memoryUse, operatorLines, workFields } from '../metrics.ts'
import { isJsonObject } from '../model/json.ts'
import type { Tell } from '../model/progress.ts'
import type { PublishableResult } from '../model/result.ts'
import type { SourceUse } from '../model/source-use.ts'
import { resultFields } from '../publish/result-fields.ts'
import { MOST_RECEIVES } from './job.ts'
import { isJobId } from './job-store.ts'
import { HIDDEN_MS, type JobMessage, type JobQueue } from './queue.ts'
import { type Times, type Verdict, type WorkServices, workJob } from './run-job.ts'

/** A message as SQS hands it to a Lambda function. */
export interface QueueRecord {
  readonly messageId: string
  readonly receiptHandle: string
  readonly body: string
  readonly attributes: {
    readonly ApproximateReceiveCount: string
    /** Of X-Ray. */
    readonly AWSTraceHeader?: string | undefined
  }
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
  /** Of Lambda. */
  readonly functionName: string
  /** Whether nothing was worked on before in this process: true once. */
  readonly isCold: () => boolean
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
  const left = time.getRemainingTimeInMillis()
  if (left < WORK_MARGIN_MS + LEAST_WORK_MS) return true
  const { startDeadline } = services
  const work = startDeadline(left - WORK_MARGIN_MS)
  const end = startDeadline(left - END_MARGIN_MS)
  const message = readMessage(record.body)
  const { ApproximateReceiveCount, AWSTraceHeader } = record.attributes
  const receives = Number(ApproximateReceiveCount)
  const trace = readTrace(message?.traceparent, AWSTraceHeader)
  try {
    return await withinInvocation(
      { requestId: time.awsRequestId ?? null, trace },
      async ({ sources }) => {
        const tale: Tale = { record, receives, sources, ...telling(services) }
        // A process that is told to end hands its job back, while there is time to write that down.
        const until = time.gone === undefined ? work.signal : anySignal([work.signal, time.gone])
        const times = { work: until, end: end.signal }
        const verdict = await judge(message, tale, services, times)
        tellOf(verdict, tale, services)
        const pause = pauseOf(verdict, receives)
        if (verdict.goesBack) await postpone(record, pause, services, end.signal)
        return verdict.goesBack
      },
    )
  } finally {
    work.clear()
    end.clear()
  }
}

/** What the line of a delivery tells besides how it ended. */
interface Tale {
  readonly record: QueueRecord
  readonly receives: number
  readonly sources: SourceUse
  readonly times: StepTimes
  readonly cold: boolean
  result: PublishableResult | null
}

function telling({ clock, isCold }: DeliveryServices): Pick<Tale, 'times' | 'cold' | 'result'> {
  return { times: new StepTimes(clock), cold: isCold(), result: null }
}

/** A message that is not ours, or whose job cannot be read, goes back with its reason in the log. */
async function judge(
  message: JobMessage | null,
  tale: Tale,
  services: DeliveryServices,
  times: Times,
): Promise<Told> {
  if (message === null) {
    const body = clip(tale.record.body, 200)
    const words = `This message does not name a job: ${body}`
    const error = new GreenprintError('invalid_request', words)
    return { outcome: 'again', goesBack: true, error }
  }
  const { id } = message
  const compute: WorkServices['compute'] = async (order, tell, signal) => {
    const both: Tell = (step, ...progress) => {
      tale.times.tell(step)
      tell(step, ...progress)
    }
    tale.result = await services.compute(order, both, signal)
    return tale.result
  }
  try {
    const hold = (signal: AbortSignal) => postpone(tale.record, HIDDEN_MS, services, signal)
    const delivery = { id, receives: tale.receives, hold }
    return { id, ...(await workJob(delivery, { ...services, compute }, times)) }
  } catch (error) {
    return { id, outcome: 'again', goesBack: true, error }
  }
}

type Told = Verdict & { readonly id?: string }

/** The line of a delivery, after one for each operator that was asked. */
function tellOf(
  verdict: Told,
  { record, receives, sources, times, cold, result }: Tale,
  { clock, log, functionName }: DeliveryServices,
): void {
  times.end()
  const { outcome, error, id } = verdict
  const now = clock.now()
  const cost = {
    ms: times.total,
    steps: times.ms,
    cold,
    cached: result?.cached ?? null,
    sources,
    memory: memoryUse(),
  }
  for (const line of operatorLines(sources, functionName, now)) log('info', line)
  log(levelOf(verdict), {
    event: 'job',
    message: record.messageId,
    id,
    receives,
    outcome,
    ...(result === null ? {} : resultFields(result)),
    ...workFields(cost, functionName, now),
    ...(error === undefined ? {} : faultOf(error)),
  })
}

/** null for what does not name a job. */
function readMessage(body: string): JobMessage | null {
  try {
    const message: unknown = JSON.parse(body)
    if (!isJsonObject(message)) return null
    const { id, traceparent } = message
    if (typeof id !== 'string' || !isJobId(id)) return null
    return { id, ...(typeof traceparent === 'string' ? { traceparent } : {}) }
  } catch {
    return null
  }
}

/**
 * The last delivery goes to the dead-letter queue without a pause. A queue that has none, or a later one, delivers it
 * again: not without a rest.
 */
function pauseOf({ outcome, error }: Verdict, receives: number): number {
  if (receives === MOST_RECEIVES) return 0
  if (receives > MOST_RECEIVES) return BUSY_MS
  if (outcome === 'busy' || outcome === 'lost') return BUSY_MS
  // Work that ran out of time goes on from what it kept: nothing is to pass by itself.
  const isOver = error instanceof GreenprintError && error.code === 'deadline_exceeded'
  return isOver ? FIRST_PAUSE_MS : FIRST_PAUSE_MS * 4 ** (receives - 1)
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
