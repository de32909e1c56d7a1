// The other side of the reads bench, a process of its own: gateways and a file server, all behind one slow line.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Content, type PerBand, type Roots } from './content.ts'
import type { Asked } from './log.ts'
import { type Line, pour } from './pacing.ts'

const serverNames = [
  // Raw blocks alone: 406 to every CAR.
  'raw 1',
  'raw 2',
  'raw 3',
  // Raw blocks, and CARs of a stretch served right.
  'car 1',
  'car 2',
  'car 3',
  // What stands behind them answers: a real Kubo, and one that has no CARs.
  'kubo',
  'kubo raw',
  // Takes questions and never answers.
  'hanging',
  // Nobody listens there.
  'gone',
  // Plain files in ranges.
  'files',
] as const

export type ServerName = (typeof serverNames)[number]

export type Order =
  | { readonly do: 'load'; readonly paths: PerBand }
  | { readonly do: 'set line'; readonly line: Line }
  | { readonly do: 'forward'; readonly to: string }
  | { readonly do: 'take log' }

export interface Loaded {
  readonly urls: Readonly<Record<ServerName, string>>
  readonly roots: Roots
}

interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | number>>
  readonly body?: Uint8Array
}

const content = new Content()
let behind = ''
let line: Line = { latencyMs: 0, bytesPerSecond: 0 }
const log: Asked[] = []

process.on('message', (order: Order) => {
  void obey(order).then((result) => process.send?.(result))
})
process.on('disconnect', () => process.exit())

async function obey(order: Order): Promise<Loaded | readonly Asked[] | null> {
  if (order.do === 'load') {
    const roots = await content.load(order.paths)
    const urls = await Promise.all(
      serverNames.map(async (name) => [name, await listen(name)] as const),
    )
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one entry per name
    return { roots, urls: Object.fromEntries(urls) as Loaded['urls'] }
  }
  if (order.do === 'take log') return log.splice(0)
  if (order.do === 'forward') {
    behind = order.to
    return null
  }
  line = order.line
  return null
}

async function listen(name: ServerName): Promise<string> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void serve(name, request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a listening TCP server has an AddressInfo
  const { port } = server.address() as AddressInfo
  if (name === 'gone') server.close()
  return `http://127.0.0.1:${port}`
}

async function serve(
  server: ServerName,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked: Asked = { at: performance.now(), answeredAt: null, bytes: 0 }
  log.push(asked)
  if (server === 'hanging') return
  const [reply] = await Promise.all([
    replyOf(server, request),
    line.latencyMs > 0 && sleep(line.latencyMs),
  ])
  if (response.destroyed) return
  asked.answeredAt = performance.now()
  const { status, headers = {}, body = new Uint8Array(0) } = reply
  response.writeHead(status, { 'content-length': body.length, ...headers })
  if (request.method === 'HEAD') response.end()
  else asked.bytes = await pour(response, body, line)
}

function replyOf(server: ServerName, request: IncomingMessage): Promise<Reply> {
  if (server === 'files') return fileReply(request)
  if (server.startsWith('kubo')) return forwardedReply(request, server === 'kubo')
  return gatewayReply(request, server.startsWith('car'))
}

async function forwardedReply(
  { url = '', headers }: IncomingMessage,
  cars: boolean,
): Promise<Reply> {
  if (!cars && url.includes('format=car')) return { status: 406 }
  const response = await fetch(`${behind}${url}`, { headers: { accept: headers.accept ?? '*/*' } })
  const type = response.headers.get('content-type') ?? 'application/octet-stream'
  const body = new Uint8Array(await response.arrayBuffer())
  return { status: response.status, headers: { 'content-type': type }, body }
}

async function gatewayReply({ url = '' }: IncomingMessage, cars: boolean): Promise<Reply> {
  const [, cid = '', format, from, to] =
    /^\/ipfs\/(\w+)\?format=(raw|car)(?:&dag-scope=entity&entity-bytes=(\d+):(\d+))?$/.exec(url) ??
    []
  if (format === undefined || (format === 'car' && !cars)) return { status: 406 }
  const body =
    format === 'raw' ? content.block(cid) : await content.car(cid, Number(from), Number(to))
  if (body === null) return { status: 404 }
  return { status: 200, headers: { 'content-type': `application/vnd.ipld.${format}` }, body }
}

async function fileReply({ url = '', headers: { range } }: IncomingMessage): Promise<Reply> {
  const file = content.files.get(url.replace(/\?.*/, ''))
  if (file === undefined) return { status: 404 }
  const headers = { 'accept-ranges': 'bytes', 'content-type': 'image/tiff' }
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
  if (first === undefined || last === undefined) return { status: 200, headers, body: file }
  const from = Number(first)
  const end = Math.min(Number(last) + 1, file.length)
  const told = { 'content-range': `bytes ${from}-${end - 1}/${file.length}` }
  return { status: 206, headers: { ...headers, ...told }, body: file.subarray(from, end) }
}
