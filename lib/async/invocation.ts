// What the running code is at work for: known to all that it calls, so that every line of the log can tell it.

import { AsyncLocalStorage } from 'node:async_hooks'
import { SourceUse } from '../model/source-use.ts'

/** Who asked, as far as the caller tells. */
export interface Trace {
  /** https://www.w3.org/TR/trace-context/#traceparent-header */
  readonly traceparent: string | null
  /** Root of `X-Amzn-Trace-Id`: https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
  readonly xray: string | null
}

export interface Invocation extends Trace {
  /** Lambda's own; null where nobody gave one. */
  readonly requestId: string | null
  readonly sources: SourceUse
}

const running = new AsyncLocalStorage<Invocation>()

export function currentInvocation(): Invocation | null {
  return running.getStore() ?? null
}

export function withinInvocation<T>(
  { requestId, trace }: { readonly requestId: string | null; readonly trace: Trace },
  work: (invocation: Invocation) => Promise<T>,
): Promise<T> {
  const invocation = { requestId, ...trace, sources: new SourceUse() }
  return running.run(invocation, () => work(invocation))
}

/** As above, of an event that carries no trace of its own. @param xray as Lambda has it in its environment */
export function forInvocation<T>(
  { awsRequestId = null }: { readonly awsRequestId?: string | null },
  xray: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  return withinInvocation({ requestId: awsRequestId, trace: readTrace(null, xray) }, work)
}

/** True when it is called first: nothing was worked on before in this process. */
export function coldStart(): () => boolean {
  let isFirst = true
  return () => {
    const wasFirst = isFirst
    isFirst = false
    return wasFirst
  }
}

const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/
const XRAY = /(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)/

/** What is not written as its norm has it was written by nobody who traces. */
export function readTrace(
  traceparent: string | null | undefined,
  xray: string | null | undefined,
): Trace {
  const parent = traceparent?.trim() ?? ''
  return {
    traceparent: TRACEPARENT.test(parent) ? parent : null,
    xray: XRAY.exec(xray ?? '')?.[1] ?? null,
  }
}
