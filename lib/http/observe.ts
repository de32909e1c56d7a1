// The middleware of every route: Server-Timing on the reply, one line in the log of a Lambda, compression.

import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { type Clock, systemClock } from '../async/clock.ts'
import type { Config } from '../config/config.ts'
import { createLog, faultOf, type Log, type LogLevel } from '../log.ts'
import { compress } from './compress.ts'
import { type Findings, requestLine } from './log-line.ts'
import { StepTimes } from './step-times.ts'
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
  let cold = true
  return async (c, next) => {
    const times = new StepTimes(clock)
    const findings: Findings = { token: null, result: null }
    c.set('times', times)
    c.set('findings', findings)
    await next()
    times.end()
    const packed = await compress(c.req.raw, c.res)
    // Else hono would copy the old response's headers, such as its length, to the new one.
    if (packed !== c.res) c.res = undefined
    c.res = packed
    c.header('server-timing', times.header)
    const { status } = c.res
    if (!config.local) log(levelOf(status), requestLine(answered(c, times, cold), findings))
    else if (status >= 500) log(levelOf(status), { status, ...faultOf(c.error) })
    cold = false
  }
}

function levelOf(status: number): LogLevel {
  if (status === 500) return 'error'
  return status > 500 ? 'warn' : 'info'
}

function answered(c: Context<AppEnv>, times: StepTimes, cold: boolean) {
  const { awsRequestId = null } = c.env.lambdaContext ?? {}
  return {
    method: c.req.method,
    route: routePath(c, -1),
    path: c.req.path,
    status: c.res.status,
    error: c.error,
    cold,
    requestId: awsRequestId,
    ms: times.total,
    steps: times.ms,
  }
}
