// Metrics as CloudWatch reads them out of a line of the log: Embedded Metric Format, without a call or an agent.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

import type { SourceUse } from './model/source-use.ts'

export const METRICS_NAMESPACE = 'Greenprint'

type Unit = 'Milliseconds' | 'Count' | 'Bytes' | 'Megabytes'

/** A value, or one for each event that it is of. */
export type Measured = readonly [unit: Unit, value: number | readonly number[]]

/** Values of one metric in a line: the format's own bound. */
const MOST_VALUES = 100

/**
 * Fields for a line of the log that are metrics too.
 *
 * @param dimensions by which they are told apart, all of them together
 * @param now ms since 1970
 */
function metricFields(
  metrics: Readonly<Record<string, Measured>>,
  dimensions: Readonly<Record<string, string>>,
  now: number,
): Readonly<Record<string, unknown>> {
  const values = Object.entries(metrics).map(([name, [, value]]) => [
    name,
    typeof value === 'number' ? value : spread(value),
  ])
  return {
    ...dimensions,
    ...Object.fromEntries(values),
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: METRICS_NAMESPACE,
          Dimensions: [Object.keys(dimensions)],
          Metrics: Object.entries(metrics).map(([Name, [Unit]]) => ({ Name, Unit })),
        },
      ],
    },
  }
}

/** Of more values than a line may have, so many, from the smallest to the largest. */
function spread(values: readonly number[]): readonly number[] {
  if (values.length <= MOST_VALUES) return values
  const sorted = values.toSorted((one, other) => one - other)
  const last = sorted.length - 1
  return Array.from(
    { length: MOST_VALUES },
    (_, at) => sorted[Math.round((at * last) / (MOST_VALUES - 1))] ?? 0,
  )
}

/** What a piece of work cost, and how it went. */
export interface WorkCost {
  readonly ms: number
  readonly steps: Readonly<Record<string, number>>
  readonly cold: boolean
  /** Whether the result was known; null where there is none. */
  readonly cached: boolean | null
  readonly sources: SourceUse
  readonly memory: MemoryUse
}

/** In MB. */
export interface MemoryUse {
  readonly now: number
  /** The most since the process began. */
  readonly peak: number
}

export function memoryUse(): MemoryUse {
  const { rss } = process.memoryUsage()
  // Kilobytes, on every system that Node runs on.
  const { maxRSS } = process.resourceUsage()
  return { now: Math.round(rss / 1e6), peak: Math.round((maxRSS * 1024) / 1e6) }
}

/** The fields of a line that tells of work; the metrics among them for one function. */
export function workFields(
  { ms, steps, cold, cached, sources, memory }: WorkCost,
  functionName: string,
  now: number,
): Readonly<Record<string, unknown>> {
  const mismatches = Object.values(sources.parts).reduce((sum, part) => sum + part.mismatched, 0)
  const metrics: Record<string, Measured> = {
    Duration: ['Milliseconds', ms],
    ...Object.fromEntries(
      Object.entries(steps).map(([step, spent]): [string, Measured] => [
        stepMetric(step),
        ['Milliseconds', spent],
      ]),
    ),
    ColdStarts: ['Count', cold ? 1 : 0],
    HashMismatches: ['Count', mismatches],
    PeakMemory: ['Megabytes', memory.peak],
    ...(cached === null ? {} : { CacheHits: ['Count', cached ? 1 : 0] }),
  }
  return {
    ms,
    steps,
    cold,
    memory_mb: memory,
    sources: sources.parts,
    ...(sources.passedOver.length === 0 ? {} : { passed_over: sources.passedOver }),
    ...metricFields(metrics, { FunctionName: functionName }, now),
  }
}

/** A line for each operator whose sources were asked: a line of metrics has one value of each dimension. */
export function operatorLines(
  sources: SourceUse,
  functionName: string,
  now: number,
): readonly Readonly<Record<string, unknown>>[] {
  return Object.entries(sources.operators).map(([operator, part]) => ({
    event: 'source',
    ...metricFields(
      {
        Requests: ['Count', part.requests],
        Blocks: ['Count', part.served],
        SourceBytes: ['Bytes', part.bytes],
        Failures: ['Count', part.failed],
        Outrun: ['Count', part.outrun],
        HashMismatches: ['Count', part.mismatched],
        Latency: ['Milliseconds', part.times],
      },
      { FunctionName: functionName, Operator: operator },
      now,
    ),
  }))
}

/** Name of the metric of a step's time. */
export function stepMetric(step: string): string {
  return `Step${step[0]?.toUpperCase()}${step.slice(1)}`
}
