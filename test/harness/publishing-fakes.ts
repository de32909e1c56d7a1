// Publishing services as they answer when they are well, by their documents and by what was seen of them.

import { decodeCar } from '../../lib/ipld/car.ts'
import {
  readForm,
  type StubAnswer,
  type StubRequest,
  type StubService,
  startStubService,
} from './stub-service.ts'

/** A service, and the CARs that it took by their root. */
export interface Fake {
  readonly service: StubService
  readonly cars: Map<string, Buffer<ArrayBuffer>>
}

const KEY = 'k-1234567890abcdef'
export const fakeKey = KEY

async function takeCar(cars: Fake['cars'], car: Buffer<ArrayBuffer>): Promise<string> {
  const { roots } = await decodeCar(new Uint8Array(car))
  const root = String(roots[0])
  cars.set(root, car)
  return root
}

async function blockOf(cars: Fake['cars'], cid: string): Promise<Uint8Array | null> {
  for (const car of cars.values()) {
    const { blocks } = await decodeCar(new Uint8Array(car))
    const found = blocks.find((block) => block.cid.toString() === cid)
    if (found !== undefined) return found.bytes
  }
  return null
}

const lines = (...values: readonly object[]) =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('')

/** Kubo 0.42's RPC API, with a key. */
export async function startFakeKubo(): Promise<Fake> {
  const cars: Fake['cars'] = new Map()
  const failed = (message: string) => ({
    status: 500,
    body: { Message: message, Code: 0, Type: 'error' },
  })
  const service = await startStubService(async (request): Promise<StubAnswer> => {
    if (request.headers.authorization !== `Bearer ${KEY}`) {
      return { status: 403, body: '403 - Access Denied, provided authorization is invalid.\n' }
    }
    const arg = request.query.get('arg') ?? ''
    switch (request.path) {
      case '/api/v0/pin/ls':
        if (!cars.has(arg)) return failed(`path '${arg}' is not pinned`)
        return { body: { Keys: { [arg]: { Type: 'recursive', Name: '' } } } }
      case '/api/v0/block/get': {
        const block = await blockOf(cars, arg)
        return block === null
          ? failed(`block was not found locally (offline): ${arg}`)
          : { body: block }
      }
      case '/api/v0/dag/import': {
        const { file } = readForm(request)
        const root = await takeCar(cars, file)
        return {
          headers: { 'content-type': 'application/json', trailer: 'X-Stream-Error' },
          body: lines(
            { Root: { Cid: { '/': root }, PinErrorMsg: '' } },
            { Stats: { BlockCount: 7, BlockBytesCount: file.length } },
          ),
        }
      }
      default:
        return { status: 404, body: '404 page not found\n' }
    }
  })
  return { service, cars }
}

/** IPFS Cluster's REST API of two peers, with a user and a password. */
export async function startFakeCluster(): Promise<Fake> {
  const cars: Fake['cars'] = new Map()
  const basic = `Basic ${Buffer.from(`user:${KEY}`).toString('base64')}`
  const service = await startStubService(async (request): Promise<StubAnswer> => {
    if (request.headers.authorization !== basic) {
      return { status: 401, body: { code: 401, message: 'Unauthorized: access denied' } }
    }
    const [, kind, cid = ''] = request.path.split('/')
    const status = cars.has(cid) ? 'pinned' : 'unpinned'
    if (kind === 'pins') {
      const peer = { peername: 'one', status, error: '' }
      return { body: { cid, name: cid, peer_map: { p1: peer, p2: { ...peer, peername: 'two' } } } }
    }
    if (kind === 'allocations') {
      if (!cars.has(cid)) return { status: 404, body: { code: 404, message: 'not found' } }
      return { body: { cid, replication_factor_min: 2, replication_factor_max: 2 } }
    }
    if (request.path !== '/add') return { status: 404, body: { code: 404, message: 'not found' } }
    const root = await takeCar(cars, readForm(request).file)
    return { body: lines({ name: root, cid: root, size: 1, allocations: ['p1', 'p2'] }) }
  })
  return { service, cars }
}

/** Pinata's v3 API on one host: forms, resumable uploads, the listing. */
export async function startFakePinata(): Promise<Fake> {
  const cars: Fake['cars'] = new Map()
  let begun = Buffer.alloc(0)
  let length = 0
  const service: StubService = await startStubService(async (request): Promise<StubAnswer> => {
    if (request.headers.authorization !== `Bearer ${KEY}`) {
      return { status: 401, body: { error: { code: 401, message: 'Not Authorized' } } }
    }
    const { method, path, headers } = request
    if (method === 'GET' && path === '/files/public') {
      const cid = request.query.get('cid') ?? ''
      const files = cars.has(cid) ? [{ id: '1', name: `${cid}.car`, cid }] : []
      return { body: { data: { files, next_page_token: '' } } }
    }
    if (path === '/files' && headers['upload-length'] !== undefined) {
      length = Number(headers['upload-length'])
      begun = Buffer.alloc(0)
      return { status: 201, headers: { location: `${service.url}/files/upload-1` } }
    }
    if (path === '/files/upload-1') return resume(request)
    if (method !== 'POST' || path !== '/files') return { status: 404, body: { error: 'not found' } }
    const cid = await takeCar(cars, readForm(request).file)
    return { body: { data: { id: '1', name: `${cid}.car`, cid, size: 1 } } }
  })

  async function resume({ method, headers, body }: StubRequest): Promise<StubAnswer> {
    if (method === 'PATCH') {
      if (Number(headers['upload-offset']) !== begun.length) return { status: 409 }
      begun = Buffer.concat([begun, body])
    }
    const offset = { 'upload-offset': String(begun.length) }
    if (method !== 'PATCH' || begun.length < length) return { status: 204, headers: offset }
    const cid = await takeCar(cars, begun)
    return { status: 204, headers: { ...offset, 'upload-cid': cid } }
  }

  return { service, cars }
}

/** The Pinning Service API; a pin is `pinned` when it is looked at for the second time. */
export async function startFakePsa(): Promise<Fake & { readonly pins: Map<string, number> }> {
  const cars: Fake['cars'] = new Map()
  const pins = new Map<string, number>()
  const pinOf = (cid: string) => ({
    requestid: `request-of-${cid}`,
    status: (pins.get(cid) ?? 0) > 1 ? 'pinned' : 'queued',
    created: '2026-11-26T00:00:00Z',
    pin: { cid, name: cid },
    delegates: [],
  })
  const service = await startStubService(async (request): Promise<StubAnswer> => {
    if (request.headers.authorization !== `Bearer ${KEY}`) {
      return { status: 401, body: { error: { reason: 'UNAUTHORIZED', details: 'no such token' } } }
    }
    const { method, path, query, body } = request
    if (method === 'GET' && path === '/pins') {
      const cid = query.get('cid') ?? ''
      const results = pins.has(cid) ? [pinOf(cid)] : []
      return { body: { count: results.length, results } }
    }
    if (method === 'POST' && path === '/pins') {
      const { cid } = JSON.parse(body.toString())
      pins.set(cid, 0)
      return { status: 202, body: pinOf(cid) }
    }
    const cid = path.replace('/pins/request-of-', '')
    pins.set(cid, (pins.get(cid) ?? 0) + 1)
    return { body: pinOf(cid) }
  })
  return { service, cars, pins }
}

/** Filebase's S3 API: what is put with `import: car` soon carries the CID that it became. */
export async function startFakeFilebase(): Promise<
  Fake & { looksUntilImported: number; readonly uploads: ReadonlyMap<string, Buffer[]> }
> {
  const cars: Fake['cars'] = new Map()
  const objects = new Map<string, { readonly cid: string; looks: number }>()
  const uploads = new Map<string, Buffer[]>()
  let begun = 0
  const service = await startStubService(
    async ({ method, path, query, headers, body }): Promise<StubAnswer> => {
      if (headers.authorization?.includes(`Credential=${KEY}/`) !== true) {
        return {
          status: 403,
          headers: { 'content-type': 'application/xml' },
          body: '<Error><Code>InvalidAccessKeyId</Code></Error>',
        }
      }
      if (!path.startsWith('/maps/')) {
        return {
          status: 404,
          headers: { 'content-type': 'application/xml' },
          body: '<Error><Code>NoSuchBucket</Code></Error>',
        }
      }
      const parts = uploads.get(query.get('uploadId') ?? '')
      if (method === 'POST' && query.has('uploads')) {
        if (headers['x-amz-meta-import'] !== 'car') throw new Error('not a CAR to import')
        const id = `upload-${++begun}`
        uploads.set(id, [])
        const xml = `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`
        return { headers: { 'content-type': 'application/xml' }, body: xml }
      }
      if (method === 'PUT' && parts !== undefined) {
        parts[Number(query.get('partNumber')) - 1] = Buffer.from(body)
        return { headers: { etag: '"1"' } }
      }
      if (method === 'POST' && parts !== undefined) {
        objects.set(path, { cid: await takeCar(cars, Buffer.concat(parts)), looks: 0 })
        uploads.delete(query.get('uploadId') ?? '')
        const xml = '<CompleteMultipartUploadResult></CompleteMultipartUploadResult>'
        return { headers: { 'content-type': 'application/xml' }, body: xml }
      }
      if (method === 'DELETE') {
        uploads.delete(query.get('uploadId') ?? '')
        return { status: 204 }
      }
      if (method === 'PUT') {
        if (headers['x-amz-meta-import'] !== 'car') throw new Error('not a CAR to import')
        objects.set(path, { cid: await takeCar(cars, Buffer.from(body)), looks: 0 })
        return { headers: { etag: '"1"' } }
      }
      const found = objects.get(path)
      if (found === undefined || !cars.has(found.cid)) return { status: 404 }
      const cid = found.looks++ < fake.looksUntilImported ? {} : { 'x-amz-meta-cid': found.cid }
      return { headers: { etag: '"1"', 'x-amz-meta-import': 'car', ...cid } }
    },
  )
  const fake = { service, cars, looksUntilImported: 1, uploads }
  return fake
}
