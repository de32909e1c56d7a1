// Spoiled requests through the real handler: none is a 500, none hangs, each fault is told in the same form.
// Long: a table of cases, and what each of them must come to.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { errorCodes } from '../../lib/errors.ts'
import { ReadSession } from '../../lib/ipfs/read-session.ts'
import { blockKey, type Cid, parseCid } from '../../lib/ipld/cid.ts'
import { linksOf } from '../../lib/ipld/unixfs.ts'
import { isJsonObject, type JsonObject } from '../../lib/model/json.ts'
import { sampleRoot } from '../../lib/sample/sample.ts'
import { MemoryBlocks } from './blocks.ts'
import { startGateway } from './gateway.ts'
import { sceneItem } from './items.ts'
import { keptFiles } from './kept-files.ts'
import { spoil, spoilText } from './mutation.ts'
import { startPublicHost } from './public-host.ts'
import { randomFrom } from './random.ts'
import { startSystem } from './system.ts'

/** Far more than any of them takes. */
const HANGS_MS = 20_000
const TOKEN = 'a-token-of-some-length'

/** Another one for each run: set by fuzzRequests. */
let chance = randomFrom(1)
const blocks = new MemoryBlocks()
const item = await sceneItem('l8-c2l2-brumadinho-before', blocks)
const gateway = await startGateway(blocks)
const stac = await startPublicHost((request, response) => {
  if (request.url === '/item.json') {
    response.end(spoilText(JSON.stringify(spoil(item, chance)), chance))
    return
  }
  const features = [spoil(item, chance), spoil(item, chance), item]
  const page = { type: 'FeatureCollection', features, links: [] }
  response.end(spoilText(JSON.stringify(chance.unit() < 0.3 ? spoil(page, chance) : page), chance))
})
const system = await startSystem(
  {
    AWS_LAMBDA_FUNCTION_NAME: 'greenprint-fuzz',
    IPFS_GATEWAYS: gateway.url,
    STAC_API_URL: stac.url,
    API_TOKENS: `fuzz:${TOKEN}`,
  },
  stac.lookup,
)
after(async () => {
  await system.close()
  await gateway.close()
  await stac.close()
})

const box = [-44.15, -20.13, -44.12, -20.11] as const
const [west, south, east, north] = box
const geometry = {
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, south],
    ],
  ],
}
const requests: readonly JsonObject[] = [
  { item, max_size: 100, outputs: ['item'] },
  { item, bbox: [...box], rescale: [0, 1], colormap_name: 'viridis' },
  { item, geometry, max_size: 'full', scale: 'stac' },
  { item, max_size: 64, mask: ['clouds'], pin: false },
  { item: `${stac.url}/item.json`, scale: 'none', max_size: 64 },
  { item: 'https://127.0.0.1:8443/item.json' },
  {
    search: {
      api: stac.url,
      collections: ['x'],
      datetime: '2019-01-01/2020-01-01',
      limit: 3,
      query: {},
      intersects: geometry,
    },
    max_size: 64,
  },
]

const methods = [
  'GET',
  'HEAD',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'CONNECT',
  'get',
  'FOO',
  'A B',
  '',
]
const paths = [
  '/',
  '',
  '//',
  '/ndvi/',
  '/ndvi/../health',
  '//ndvi',
  '/%',
  '/%zz',
  '/ndvi%00',
  '/ndvi?x=1',
  '/ndvi#x',
  '/\u0000',
  '/é😀',
  '/\ud800',
  '/health',
  '/health/',
  '/ipfs/',
  '/ipfs/x',
  '/ipfs/%E0%A4%A',
  '/ipfs/%ed%a0%80',
  '/ipfs/bafkqabtimvwgy3yk',
  '/ipfs/bafkqabtimvwgy3yk/a/b',
  '/ipfs/bafybeidlr3iiej7xs3qjnojwkb3akwyp5ftofr5wvsihrckkfewsr7624a/figure.png',
  '/ipfs/bafybeidlr3iiej7xs3qjnojwkb3akwyp5ftofr5wvsihrckkfewsr7624a/%2e%2e/%2e%2e',
  '/ipfs/QmfZ2iw5CUpxav1TNd4wTyLmeMQeroNgA4hyTBBXmWSj6N',
  '/ipfs/__proto__/constructor',
  `/${'a/'.repeat(4_000)}`,
  'https://evil.example/ndvi',
  '@evil.example/',
  ':99999/',
]
const headerSets: readonly Readonly<Record<string, string>>[] = [
  { accept: 'image/png' },
  { accept: '*/*;q=x,,;,' },
  { 'accept-encoding': 'br;q=,gzip;;q=2,*' },
  { 'accept-encoding': 'gzip' },
  { authorization: `Bearer ${TOKEN}` },
  { authorization: 'Bearer ' + 'x'.repeat(5_000) },
  { authorization: 'Basic \u0000' },
  { 'cache-control': 'no-cache' },
  { 'content-length': '-1' },
  { 'content-length': '99999999999' },
  { 'content-type': 'multipart/form-data' },
  { 'transfer-encoding': 'chunked' },
  { range: 'bytes=5-1,-,x-' },
  { range: 'bytes=0-0' },
  { 'if-none-match': '"x", W/' },
  { 'x y': '1' },
  { 'x-é': 'é😀' },
  { 'x-line': 'a\r\nset-cookie: b' },
  { host: '' },
  { cookie: '__proto__=1' },
]
const queries = [
  '',
  'f=png',
  'f=tiff',
  'f',
  '&&=&',
  '%',
  '%zz=%ff',
  '__proto__=1',
  'deep=1',
  'format=car&entity-bytes=9:1',
  'format=raw',
  'format=x',
  'a='.repeat(2_000),
]

function queryOf(body: JsonObject): string {
  const pairs = Object.entries(body).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(text.toWellFormed())}`
  })
  return pairs.join('&')
}

/** Half of them are sound but for what their item says: those get the furthest. */
function spoilRequest(whole: JsonObject): JsonObject {
  const fate = chance.unit()
  if (fate < 0.1) return whole
  const given = whole['item']
  return fate < 0.6 && isJsonObject(given)
    ? { ...whole, item: spoil(given, chance) }
    : spoil(whole, chance)
}

function nextEvent(): APIGatewayProxyEventV2 {
  const whole = chance.pick(requests)
  const body = spoilRequest(whole)
  const odd = () => chance.unit() < 0.12
  const asQuery = chance.unit() < 0.25
  const method = odd() ? chance.pick(methods) : asQuery ? 'GET' : 'POST'
  const rawPath = odd() ? chance.pick(paths) : '/ndvi'
  const text = spoilText(JSON.stringify(body), chance)
  const base64 = chance.unit() < 0.15
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: odd() ? chance.pick(queries) : asQuery ? queryOf(body) : '',
    headers: odd() ? chance.pick(headerSets) : {},
    requestContext: {
      accountId: '0',
      apiId: 'a',
      domainName: chance.unit() < 0.02 ? '' : 'ndvi.example',
      domainPrefix: 'ndvi',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: '' },
      requestId: 'r',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    ...(asQuery && !odd()
      ? {}
      : { body: base64 && !odd() ? Buffer.from(text).toString('base64') : text }),
    isBase64Encoded: base64,
  }
}

const context = { getRemainingTimeInMillis: () => 29_000, awsRequestId: 'request' }
const known: ReadonlySet<string> = new Set(errorCodes)
const tally = new Map<string, number>()
let slowest = 0

async function answer(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const began = performance.now()
  const hangs = Promise.withResolvers<never>()
  const timer = setTimeout(() => hangs.reject(new Error('it hangs')), HANGS_MS)
  try {
    return await Promise.race([system.handler(event, context), hangs.promise])
  } finally {
    clearTimeout(timer)
    slowest = Math.max(slowest, performance.now() - began)
  }
}

function check(event: APIGatewayProxyEventV2, result: APIGatewayProxyStructuredResultV2): void {
  const { statusCode = 0, headers = {}, body = '', isBase64Encoded = false } = result
  const asked = `${event.requestContext.http.method} ${event.rawPath.slice(0, 80)} ${JSON.stringify(event).slice(-1_500)}`
  assert.ok(statusCode >= 200 && statusCode < 600, asked)
  assert.ok(
    ![500, 408].includes(statusCode),
    `${statusCode} ${body.slice(0, 300)} ${system.lines.at(-1)} for ${asked}`,
  )
  if (statusCode < 400 || event.requestContext.http.method === 'HEAD' || statusCode === 416) {
    return count(`${statusCode}`)
  }
  assert.equal(
    headers['content-type'],
    'application/problem+json',
    `${statusCode} ${body} ${asked}`,
  )
  const text = isBase64Encoded ? '' : body
  if (text === '') return count(`${statusCode} packed`)
  const problem = JSON.parse(text)
  assert.equal(problem.status, statusCode)
  assert.ok(known.has(problem.code), problem.code)
  assert.doesNotMatch(text, /\n? +at .*\.(js|ts):\d+/, 'a stack')
  assert.ok(text.length < 64 * 1024, `${text.length} bytes of problem for ${asked}`)
  count(`${statusCode} ${problem.code}`)
}

/** The block cache of this machine is bounded, and what goes by its seed is no result. */
function isKept(path: string): boolean {
  return !/^(cache|scratch)\//.test(path)
}

/** Hashes of the catalogue's items whose roots are among the content. */
async function itemsOf(kept: readonly string[], content: readonly string[]): Promise<string[]> {
  const paths = kept.filter((path) => /(^|\/)catalogue\/items\//.test(path))
  const found: string[] = []
  for (const path of paths) {
    const { root } = JSON.parse(await readFile(join(system.dataDir, path), 'utf8'))
    if (content.includes(String(root))) found.push(path.replace(/^.*\/|\.json$/g, ''))
  }
  return found
}

/** CIDs and hashes of all that the records of results name. */
async function contentOf(records: readonly string[]): Promise<string[]> {
  const found = new Set<string>()
  const never = new AbortController().signal
  async function walk(cid: Cid): Promise<void> {
    found.add(cid.toV1().toString()).add(blockKey(cid))
    const block = await system.services.ownNodes.get(cid, new ReadSession(), never)
    for (const link of linksOf(cid, block)) await walk(parseCid(link.toString()))
  }
  for (const path of records) {
    const { root } = JSON.parse(await readFile(join(system.dataDir, path), 'utf8'))
    await walk(parseCid(String(root)))
  }
  return [...found]
}

/** Of these records, those of a result with this root. */
async function withRoot(root: string, records: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const path of records) {
    const record = JSON.parse(await readFile(join(system.dataDir, path), 'utf8'))
    if (record.root === root) found.push(path)
  }
  return found
}

function count(what: string): void {
  tally.set(what, (tally.get(what) ?? 0) + 1)
}

/** The tests of so many of them; the seed decides each. To be called once in a test file. */
export function fuzzRequests(total: number, seed: number): void {
  chance = randomFrom(seed)
  describe('spoiled requests', () => {
    for (let batch = 0; batch < 10; batch++) {
      it(`${total / 10} of them, batch ${batch + 1}`, { timeout: 120_000 }, async () => {
        for (let left = total / 10; left > 0; left--) {
          const event = nextEvent()
          check(event, await answer(event))
        }
      })
    }

    it('are told as faults of their own, in a log without errors', () => {
      const levels = system.lines.map((line): unknown => JSON.parse(line).level)
      assert.ok(levels.length >= total / 2)
      assert.ok(!levels.includes('error'))
      assert.equal(Reflect.get({}, 'polluted'), undefined)
    })

    it('leave nothing where they were refused: all that is kept is of results that were answered', async () => {
      await system.services.settle()
      const answered = new Set(
        system.lines.flatMap((line) => {
          const { status, result } = JSON.parse(line)
          return status === 200 && typeof result === 'string' ? [result] : []
        }),
      )
      assert.ok(answered.size > 0)
      const kept = [...(await keptFiles(system.dataDir)).keys()].filter(isKept)
      const named = kept.filter((path) => /(^|\/)results\//.test(path))
      const idOf = (path: string) => path.replace(/^.*\/|\.json$/g, '')
      const ids = named.map(idOf)
      // Some of the requests are /health?deep=1, which computes the sample and writes to the store under conditions.
      const examined = new Set((await withRoot(await sampleRoot(), named)).map(idOf))
      const unanswered = ids.filter((id) => !answered.has(id) && !examined.has(id))
      assert.deepEqual(unanswered, [])
      const content = await contentOf(named)
      const listed = await itemsOf(kept, content)
      const allowed = [...content, ...listed, 'visitors/conditions.json']
      assert.deepEqual(
        kept.filter(
          (path) => !named.includes(path) && !allowed.some((word) => path.includes(word)),
        ),
        [],
      )
    })

    it('in a table', (t) => {
      t.diagnostic(`seed ${seed}, ${total} requests, the slowest took ${Math.round(slowest)} ms`)
      for (const [what, times] of [...tally].toSorted(([one], [other]) => (one < other ? -1 : 1)))
        t.diagnostic(`${String(times).padStart(5)}  ${what}`)
    })
  })
}
