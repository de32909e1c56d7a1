// Requests to the API of this page's own origin: the token, problems as errors, jobs followed to their end.

import { noteJob, noteStatus, wordsOf } from './jobs.ts'
import { kept } from './kept.ts'
import type { JobReply, Problem, Progress } from './replies.ts'

const TOKEN = 'greenprint-token'
/** The first look is soon, since what is known is answered at once. */
const PAUSES_MS = [150, 300, 500] as const
const LAST_PAUSE_MS = 1000
/** Before each further try of what may only be gone for a moment. */
const REST_MS = [500, 1500, 4000] as const
/** No answer, too many requests, and what stands before a server that is not there. */
const passing: ReadonlySet<number> = new Set([0, 429, 502, 503, 504])

/** A problem that the API told, or that kept its answer from arriving (`code` `offline`). */
export class ApiProblem extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

/** Kept for this tab alone, and sent nowhere but to this origin. */
export const token = {
  get: (): string => kept.get(TOKEN) ?? '',
  set(value: string): void {
    if (value === '') kept.remove(TOKEN)
    else kept.set(TOKEN, value)
  },
}

/** @throws {ApiProblem} what the API tells, and `offline` */
export async function ask<Reply>(
  path: string,
  {
    body,
    method,
    prefer,
    signal,
  }: {
    readonly body?: unknown
    readonly method?: string
    readonly prefer?: string
    readonly signal: AbortSignal
  },
): Promise<Reply> {
  const headers = new Headers({ accept: 'application/json, application/geo+json, */*;q=0.1' })
  if (token.get() !== '') headers.set('authorization', `Bearer ${token.get()}`)
  if (body !== undefined) headers.set('content-type', 'application/json')
  if (prefer !== undefined) headers.set('prefer', prefer)
  const text = body === undefined ? null : JSON.stringify(body)
  const address = new URL(path.replace(/^\//, ''), document.baseURI)
  const init = { method: method ?? (text === null ? 'GET' : 'POST'), headers, body: text, signal }
  const response = await fetch(address, init).catch((error: unknown) => {
    signal.throwIfAborted()
    throw offline(error)
  })
  const reply: unknown = await response.json().catch(() => null)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- /openapi.json is the promise
  if (response.ok) return reply as Reply
  throw new ApiProblem(isProblem(reply) ? reply : unreadable(response.status))
}

/**
 * The result of a request that may take long: as a job where the caller may have one, so that it tells how far it is
 * and can be ended.
 *
 * @throws {ApiProblem} as `ask`
 */
export async function work<Result>(
  path: string,
  body: unknown,
  {
    asJob,
    tell,
    signal,
  }: {
    readonly asJob: boolean
    readonly tell: (progress: Progress | null) => void
    readonly signal: AbortSignal
  },
): Promise<Result> {
  const prefer = asJob ? { prefer: 'respond-async' } : {}
  const reply = await ask<Result | JobReply<Result>>(path, { body, signal, ...prefer })
  if (!isAccepted(reply)) return reply
  noteJob({ id: reply.id, what: wordsOf(path, body), status: reply.status })
  return follow<Result>(reply.id, tell, signal)
}

/**
 * What is looked at again and again, as one that waits does: a network that was gone for a moment, or a server that is
 * being replaced, ends nothing.
 *
 * @throws {ApiProblem} as `ask`
 */
export async function askAgain<Reply>(path: string, signal: AbortSignal): Promise<Reply> {
  for (const wait of REST_MS) {
    try {
      return await ask<Reply>(path, { signal })
    } catch (error) {
      if (!(error instanceof ApiProblem) || !passing.has(error.problem.status)) throw error
      await pause(wait, signal)
    }
  }
  return ask<Reply>(path, { signal })
}

/** Why work is aborted that a person stops. */
export const stopped = new DOMException('Stopped.', 'AbortError')

/** Looks at a job until it has ended. One that is given up on is dismissed. */
export async function follow<Result>(
  id: string,
  tell: (progress: Progress | null) => void,
  signal: AbortSignal,
): Promise<Result> {
  try {
    for (let turn = 0; ; turn++) {
      const job = await askAgain<JobReply<Result>>(`/jobs/${id}`, signal)
      noteStatus(id, job.status)
      if (job.result !== undefined) return job.result
      if (job.error !== undefined) throw new ApiProblem(job.error)
      if (job.status === 'dismissed' || job.status === 'successful') throw gone(job.status)
      tell(job.progress)
      await pause(PAUSES_MS[turn] ?? LAST_PAUSE_MS, signal)
    }
  } catch (error) {
    // What only gave way to another request may be asked for again: it is left to end.
    if (signal.aborted && signal.reason === stopped) void dismiss(id)
    throw error
  }
}

function dismiss(id: string): Promise<unknown> {
  const signal = AbortSignal.timeout(5000)
  return ask<JobReply<unknown>>(`/jobs/${id}`, { method: 'DELETE', signal })
    .then(({ status }) => noteStatus(id, status))
    .catch(() => null)
}

export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', giveUp)
      resolve()
    }, milliseconds)
    signal.addEventListener('abort', giveUp)
  })
}

function isAccepted<Result>(reply: Result | JobReply<Result>): reply is JobReply<Result> {
  return typeof reply === 'object' && reply !== null && 'links' in reply && 'status' in reply
}

function isProblem(reply: unknown): reply is Problem {
  return typeof reply === 'object' && reply !== null && 'code' in reply && 'detail' in reply
}

function offline(error: unknown): ApiProblem {
  const why = error instanceof Error ? [error.message] : []
  const detail = 'Greenprint does not answer. It may have been stopped, or the network is down.'
  return new ApiProblem({ status: 0, code: 'offline', detail, details: why })
}

function unreadable(status: number): ApiProblem['problem'] {
  return {
    status,
    code: 'unreadable',
    detail: `The server answered ${status} with something that is no JSON.`,
  }
}

function gone(status: string): ApiProblem {
  const detail =
    status === 'dismissed' ? 'The job was ended.' : 'The result is not kept here any more.'
  return new ApiProblem({ status: 410, code: status, detail })
}
