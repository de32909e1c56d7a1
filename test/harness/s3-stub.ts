// A small S3 on loopback that is stricter than most (every request signed, every body with its checksum), and can fail.

import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { perform, refuse, type S3Asked, type S3Contents, type S3Reply } from './s3-operations.ts'
import { type Refusal, refuseSignature, type S3Account } from './s3-signature.ts'

/**
 * What happens, once, to the next request of a method (and `uploads`, `partNumber` or `uploadId` for uploads in parts;
 * of a key like this, where one is given): `refuse` answers an error, `hang` never answers, `reset` breaks the
 * connection before anything is done, `lose` does what was asked and breaks it then, `cut` breaks it in the middle of
 * the body.
 */
export type S3Fault = {
  readonly method: string
  readonly operation?: string
  readonly key?: RegExp
} & (
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  | { readonly kind: 'hang' | 'reset' | 'lose' | 'cut' }
)

export interface S3Stub extends S3Contents {
  readonly endpoint: string
  readonly account: S3Account
  readonly bucket: string
  /** `PUT key`, `POST key?uploads`, … in order of arrival. */
  readonly requests: string[]
  /** Headers of each of them. */
  readonly headers: IncomingHttpHeaders[]
  readonly faults: S3Fault[]
  /** Whether pages of any origin may read, as infra/places.ts has it for the bucket of a deployment. */
  pages: boolean
  stop(): Promise<void>
}

export async function startS3Stub(): Promise<S3Stub> {
  const server = createServer((request, response) => {
    answer(stub, request, response).catch((error: unknown) => {
      // Who asked has hung up in the middle of the body.
      if (!request.destroyed) throw error
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only a pipe's address is a string
  const { port } = server.address() as AddressInfo
  const stub: S3Stub = {
    endpoint: `http://127.0.0.1:${port}`,
    account: { accessKeyId: 'STUBKEY', secretAccessKey: 'stub/secret+key', region: 'eu-west-9' },
    bucket: 'maps',
    objects: new Map(),
    uploads: new Map(),
    requests: [],
    headers: [],
    faults: [],
    pages: false,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return stub
}

async function answer(stub: S3Stub, request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const url = new URL(request.url ?? '/', stub.endpoint)
  const [bucket = '', ...segments] = url.pathname.slice(1).split('/').map(decodeURIComponent)
  const method = request.method ?? ''
  stub.headers.push(request.headers)
  const query = url.searchParams
  const operation = ['uploads', 'partNumber', 'uploadId'].find((name) => query.has(name)) ?? ''
  const asked = { method, query, request, key: segments.join('/'), body: Buffer.concat(chunks) }
  stub.requests.push(`${method} ${asked.key}${operation && `?${operation}`}`)

  if (stub.pages && request.headers.origin !== undefined) {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-expose-headers', 'Content-Length, Content-Range, ETag')
  }
  const fault = takeFault(stub, asked, operation)
  if (fault?.kind === 'hang') return
  if (fault?.kind === 'refuse') {
    send(refuse(fault.refusal), method, response)
  } else if (fault?.kind === 'reset') {
    request.socket.destroy()
  } else {
    const reply = refuseStranger(stub, bucket, asked) ?? perform(stub, asked)
    if (fault?.kind === 'lose') request.socket.destroy()
    else if (fault?.kind === 'cut') sendHalf(reply, response)
    else send(reply, method, response)
  }
}

/** The refusal of a request that is not what its signature says, or asks for another's bucket. */
function refuseStranger(stub: S3Stub, bucket: string, { request, body }: S3Asked): S3Reply | null {
  const refusal = refuseSignature(request, body, stub.account)
  if (refusal !== null) return refuse(refusal)
  return bucket === stub.bucket ? null : refuse({ status: 404, code: 'NoSuchBucket' })
}

function takeFault(stub: S3Stub, { method, key }: S3Asked, operation: string): S3Fault | undefined {
  const index = stub.faults.findIndex(
    (fault) =>
      fault.method === method &&
      (fault.operation ?? '') === operation &&
      (fault.key?.test(key) ?? true),
  )
  return index < 0 ? undefined : stub.faults.splice(index, 1)[0]
}

function send(reply: S3Reply, method: string, response: ServerResponse): void {
  const body = Buffer.from(reply.body ?? '')
  response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length })
  response.end(method === 'HEAD' ? undefined : body)
}

function sendHalf(reply: S3Reply, response: ServerResponse): void {
  const body = Buffer.from(reply.body ?? '')
  response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length })
  response.write(body.subarray(0, body.length / 2), () => response.socket?.destroy())
}
