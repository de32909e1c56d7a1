// The middleware of every route: Server-Timing on the reply, one line in the log of a Lambda, compression.

import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { type Clock, systemClock } from '../async/clock.ts'
import { coldStart, readTrace, withinInvocation } from '../async/invocation.ts'
import { StepTimes } from '../async/step-times.ts'
import type { Config } from '../config/config.ts'
import { createLog, faultOf, type Log } from '../log.ts'
import { memoryUse, operatorLines, workFields } from '../metrics.ts'
import type { SourceUse } from '../model/source-use.ts'
import { compress } from './compress.ts'
import { requestOf } from './head.ts'
import { type Answered, type Findings, levelOf, requestLine } from './log-line.ts'
import type { Bindings } from './time-limit.ts'

export interface AppEnv {
  Bindings: Bindings
  Variables: {
    /** Times of the pipeline's steps. */
    times: StepTimes
    /** What the log line says beyond the reply. */
    findings: Findings
  }
}

export interface Observation {
  readonly write?: Log
  readonly clock?: Pick<Clock, 'elapsed'>
}

/** The local system reports to a person; there only errors of the server itself are logged. */
export function observe(
  config: Config,
  { write, clock = systemClock }: Observation = {},
): MiddlewareHandler<AppEnv> {
  const log = createLog(config, write)
  const isCold = coldStart()
  return (c, next) => {
    const { awsRequestId: requestId = null } = c.env.lambdaContext ?? {}
    const trace = readTrace(c.req.header('traceparent'), c.req.header('x-amzn-trace-id'))
    return withinInvocation({ requestId, trace }, async ({ sources }) => {
      const times = new StepTimes(clock)
      const findings: Findings = { token: null, result: null }
      c.set('times', times)
      c.set('findings', findings)
      await next()
      times.end()
      const packed = await compress(requestOf(c), c.res)
      if (packed !== c.res) {
        // Else hono would copy the old response's headers, such as its length, to the new one.
        c.res = undefined
        c.res = packed
      }
      const { headers, status } = packed
      headers.set('server-timing', times.header)
      if (requestId !== null) headers.set('x-request-id', requestId)
      if (!config.local) tell(log, c, { times, cold: isCold(), findings, sources }, config)
      else if (status >= 500) log(levelOf(status), { status, ...faultOf(c.error) })
    })
  }
}

interface Observed {
  readonly times: StepTimes
  readonly cold: boolean
  readonly findings: Findings
  readonly sources: SourceUse
}

/** The line of the request, after one for each operator that was asked. */
function tell(
  log: Log,
  c: Context<AppEnv>,
  { times, cold, findings, sources }: Observed,
  { functionName }: Config,
): void {
  const now = systemClock.now()
  for (const line of operatorLines(sources, functionName, now)) log('info', line)
  const cost = {
    ms: times.total,
    steps: times.ms,
    cold,
    cached: findings.result?.cached ?? null,
    sources,
    memory: memoryUse(),
  }
  log(levelOf(c.res.status), {
    ...requestLine(answered(c), findings),
    ...workFields(cost, functionName, now),
  })
}

function answered(c: Context<AppEnv>): Answered {
  return {
    method: requestOf(c).method,
    route: routePath(c, -1),
    path: c.req.path,
    status: c.res.status,
    error: c.error,
  }
}
