// What the S3 stub does with a request that is known to be genuine: objects, conditions, ranges, uploads in parts.

import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { header, type Refusal } from './s3-signature.ts'

export interface S3StubObject {
  readonly body: Buffer
  readonly etag: string
  readonly contentType: string
}

export interface S3StubUpload {
  readonly key: string
  readonly contentType: string
  readonly parts: Map<number, Buffer>
}

export interface S3Contents {
  readonly objects: Map<string, S3StubObject>
  /** Multipart uploads that were begun and neither completed nor aborted. */
  readonly uploads: Map<string, S3StubUpload>
}

export interface S3Asked {
  readonly method: string
  readonly key: string
  readonly query: URLSearchParams
  readonly request: IncomingMessage
  readonly body: Buffer
}

export interface S3Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
}

const SMALLEST_PART = 5 * 1024 * 1024

/** What older services have never heard of, and the SDK sends unless it is told not to. */
const NOVELTIES = [
  'x-amz-checksum-mode',
  'x-amz-checksum-crc32',
  'x-amz-trailer',
  'content-encoding',
]

export function perform(contents: S3Contents, asked: S3Asked): S3Reply {
  const { method, query } = asked
  if (NOVELTIES.some((name) => asked.request.headers[name] !== undefined)) {
    return refuse({ status: 501, code: 'NotImplemented' })
  }
  if (method === 'PUT' && header(asked.request, 'x-amz-copy-source') !== '') {
    return copyObject(contents, asked)
  }
  if (method === 'PUT') {
    if (header(asked.request, 'x-amz-checksum-sha256') !== sha256(asked.body)) {
      return refuse({ status: 400, code: 'BadDigest' })
    }
    if (query.has('partNumber')) return putPart(contents, asked)
    return writeObject(contents, asked, asked.body, header(asked.request, 'content-type'))
  }
  if (method === 'GET' && query.get('list-type') === '2') return listObjects(contents, asked)
  if (method === 'GET' || method === 'HEAD') return readObject(contents, asked)
  if (method === 'POST' && query.has('uploads')) return beginUpload(contents, asked)
  if (method === 'POST' && query.has('uploadId')) return completeUpload(contents, asked)
  if (method === 'DELETE' && query.has('uploadId')) {
    contents.uploads.delete(query.get('uploadId') ?? '')
    return { status: 204 }
  }
  if (method === 'DELETE') {
    contents.objects.delete(asked.key)
    return { status: 204 }
  }
  return refuse({ status: 501, code: 'NotImplemented' })
}

/** Within the bucket: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
function copyObject({ objects }: S3Contents, { key, request }: S3Asked): S3Reply {
  const [, ...source] = header(request, 'x-amz-copy-source').replace(/^\//, '').split('/')
  const found = objects.get(source.map(decodeURIComponent).join('/'))
  if (found === undefined) return refuse({ status: 404, code: 'NoSuchKey' })
  objects.set(key, found)
  const body = `<?xml version="1.0"?><CopyObjectResult><ETag>${found.etag}</ETag></CopyObjectResult>`
  return { status: 200, headers: { 'content-type': 'application/xml' }, body }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html, without what nobody here asks for. */
function listObjects({ objects }: S3Contents, { query }: S3Asked): S3Reply {
  const [prefix, after] = [query.get('prefix') ?? '', query.get('start-after') ?? '']
  const most = Number(query.get('max-keys') ?? 1000)
  const keys = [...objects.keys()]
    .filter((key) => key.startsWith(prefix) && key > after)
    .toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
  const listed = keys.slice(0, most).map((key) => `<Contents><Key>${key}</Key></Contents>`)
  const body = `<?xml version="1.0"?><ListBucketResult><IsTruncated>${keys.length > most}</IsTruncated>${listed.join('')}</ListBucketResult>`
  return { status: 200, headers: { 'content-type': 'application/xml' }, body }
}

export function refuse({
  status,
  code,
  message = 'refused by the stub',
  extra = '',
}: Refusal): S3Reply {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message>${extra}</Error>`
  return { status, headers: { 'content-type': 'application/xml' }, body }
}

function writeObject(
  { objects }: S3Contents,
  { key, request }: S3Asked,
  body: Buffer,
  contentType: string,
  etag = etagOf(body),
): S3Reply {
  const found = objects.get(key)
  const ifMatch = request.headers['if-match']
  if (request.headers['if-none-match'] === '*' && found !== undefined) {
    return refuse({ status: 412, code: 'PreconditionFailed' })
  }
  if (ifMatch !== undefined && found === undefined) {
    return refuse({ status: 404, code: 'NoSuchKey' })
  }
  // AWS takes an etag with or without its quotes.
  if (ifMatch !== undefined && found?.etag.replaceAll('"', '') !== ifMatch.replaceAll('"', '')) {
    return refuse({ status: 412, code: 'PreconditionFailed' })
  }
  objects.set(key, { body, etag, contentType })
  return { status: 200, headers: { etag } }
}

function readObject({ objects }: S3Contents, { key, query, request }: S3Asked): S3Reply {
  const found = objects.get(key)
  if (found === undefined) return refuse({ status: 404, code: 'NoSuchKey' })
  const disposition = query.get('response-content-disposition')
  const headers = {
    etag: found.etag,
    'content-type': query.get('response-content-type') ?? found.contentType,
    ...(disposition === null ? {} : { 'content-disposition': disposition }),
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(header(request, 'range'))
  if (range === null) return { status: 200, headers, body: found.body }
  const first = Number(range[1])
  const last = Math.min(Number(range[2] || Infinity), found.body.length - 1)
  if (first > last) return refuse({ status: 416, code: 'InvalidRange' })
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${first}-${last}/${found.body.length}` },
    body: found.body.subarray(first, last + 1),
  }
}

function beginUpload({ uploads }: S3Contents, { key, request }: S3Asked): S3Reply {
  const id = `upload-${uploads.size + 1}`
  uploads.set(id, { key, contentType: header(request, 'content-type'), parts: new Map() })
  const body = `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`
  return { status: 200, body }
}

function putPart({ uploads }: S3Contents, { query, body }: S3Asked): S3Reply {
  const upload = uploads.get(query.get('uploadId') ?? '')
  if (upload === undefined) return refuse({ status: 404, code: 'NoSuchUpload' })
  upload.parts.set(Number(query.get('partNumber')), body)
  return { status: 200, headers: { etag: etagOf(body) } }
}

function completeUpload(contents: S3Contents, asked: S3Asked): S3Reply {
  const id = asked.query.get('uploadId') ?? ''
  const upload = contents.uploads.get(id)
  if (upload === undefined) return refuse({ status: 404, code: 'NoSuchUpload' })
  const parts = [...upload.parts].toSorted(([a], [b]) => a - b)
  if (!listsParts(asked.body.toString(), parts)) return refuse({ status: 400, code: 'InvalidPart' })
  if (parts.slice(0, -1).some(([, body]) => body.length < SMALLEST_PART)) {
    return refuse({ status: 400, code: 'EntityTooSmall' })
  }
  const body = Buffer.concat(parts.map(([, part]) => part))
  const etag = etagOfParts(parts.map(([, part]) => part))
  const reply = writeObject(contents, asked, body, upload.contentType, etag)
  if (reply.status !== 200) return reply
  contents.uploads.delete(id)
  return {
    status: 200,
    body: `<CompleteMultipartUploadResult><ETag>${etag}</ETag></CompleteMultipartUploadResult>`,
  }
}

function listsParts(xml: string, parts: readonly (readonly [number, Buffer])[]): boolean {
  const listed = [...xml.matchAll(/<Part>.*?<\/Part>/gs)].map(([part]) => part)
  const each = parts.every(([number, body], index) =>
    [
      `<PartNumber>${number}</PartNumber>`,
      etagOf(body).replaceAll('"', ''),
      `<ChecksumSHA256>${sha256(body)}</ChecksumSHA256>`,
    ].every((said) => listed[index]?.includes(said)),
  )
  return each && listed.length === parts.length
}

function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64')
}

function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`
}

/** As AWS has it of what came in parts. */
function etagOfParts(parts: readonly Buffer[]): string {
  const digests = parts.map((part) => createHash('md5').update(part).digest())
  return etagOf(Buffer.concat(digests)).replace(/"$/, `-${parts.length}"`)
}
