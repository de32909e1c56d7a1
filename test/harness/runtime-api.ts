// Lambda's Runtime API on loopback: hands events to a runtime client and takes what it answers, within Lambda's limits.

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, with what Lambda allows beyond 6 MB. */
export const MAX_RESPONSE_BYTES = 6_291_556

export interface LambdaError {
  readonly errorType: string
  readonly errorMessage: string
}

/** As `aws lambda invoke` tells it: the function's answer, or what it died of. */
export type Answer =
  | { readonly payload: unknown; readonly bytes: number; readonly error?: undefined }
  | { readonly error: LambdaError; readonly payload?: undefined }

interface Invocation {
  readonly id: string
  readonly event: unknown
  readonly answer: (answer: Answer) => void
}

export interface RuntimeApi {
  /** `host:port`, as AWS_LAMBDA_RUNTIME_API has it. */
  readonly address: string
  /** Resolves when the function has answered, or by `fail`. */
  invoke(event: unknown): Promise<Answer>
  /** Answers every invocation that is open with this error. */
  fail(error: LambdaError): void
  stop(): Promise<void>
}

/** @param timeoutMs what the function is told that it has */
export async function startRuntimeApi(timeoutMs: number): Promise<RuntimeApi> {
  const queued: Invocation[] = []
  const open = new Map<string, Invocation>()
  let waiting: ServerResponse | undefined
  let dead: LambdaError | undefined

  const handOver = () => {
    const next = waiting === undefined ? undefined : queued.shift()
    if (waiting === undefined || next === undefined) return
    open.set(next.id, next)
    waiting.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': next.id,
      'lambda-runtime-deadline-ms': String(Date.now() + timeoutMs),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-west-2:123456789012:function:test',
    })
    waiting.end(JSON.stringify(next.event))
    waiting = undefined
  }
  const fail = (error: LambdaError) => {
    dead = error
    for (const { answer } of [...open.values(), ...queued.splice(0)]) answer({ error })
    open.clear()
  }

  const server = createServer((request, response) => void serve(request, response))
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, , , one = '', two = '', three = ''] = (request.url ?? '').split('/')
    if (one === 'invocation' && two === 'next') {
      waiting = response
      handOver()
      return
    }
    const body = await buffer(request)
    response.writeHead(202).end()
    if (one === 'init') fail(JSON.parse(body.toString()))
    open.get(two)?.answer(readAnswer(three, body))
    open.delete(two)
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only a pipe's address is a string
  const { port } = server.address() as AddressInfo

  return {
    address: `127.0.0.1:${port}`,
    fail,
    invoke: (event) =>
      new Promise((answer) => {
        if (dead !== undefined) return answer({ error: dead })
        queued.push({ id: randomUUID(), event, answer })
        handOver()
      }),
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function readAnswer(kind: string, body: Buffer): Answer {
  if (kind === 'error') return { error: JSON.parse(body.toString()) }
  if (body.length <= MAX_RESPONSE_BYTES) {
    return { payload: JSON.parse(body.toString() || 'null'), bytes: body.length }
  }
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`
  return { error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } }
}
