// /stac for those who know STAC APIs: stac-api-validator finds no error in the classes that are claimed, pystac-client
// reads it. They ask for schemas over the network: a proxy on loopback answers from fixtures, and fails on all else.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createSecureContext, TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sampleItem } from '../../lib/sample/sample.ts'
import { makeCertificate } from '../harness/certificate.ts'
import { type LocalProcess, startLocal } from '../harness/local-process.ts'
import { peersHome, peersPython, skipWithoutPython } from '../harness/peers.ts'

/** Not blocking: the system under test is in this process. */
const execute = promisify(execFile)

/** Of schemas, and of the item that the sample's results are derived from: links are followed. */
const schemaHosts = ['schemas.stacspec.org', 'stac-extensions.github.io', 'geojson.org']
const hosts = [...schemaHosts, 'landsatlook.usgs.gov']
const GEOMETRY = {
  type: 'Polygon',
  coordinates: [
    [
      [-60.1, -3.3],
      [-59.7, -3.3],
      [-59.7, -3.0],
      [-60.1, -3.0],
      [-60.1, -3.3],
    ],
  ],
}

let system: LocalProcess
let proxy: SchemaProxy
let env: NodeJS.ProcessEnv
before(async () => {
  system = await startLocal()
  proxy = await startSchemaProxy()
  const trust = { REQUESTS_CA_BUNDLE: proxy.authority, SSL_CERT_FILE: proxy.authority }
  const address = { HTTPS_PROXY: proxy.url, https_proxy: proxy.url, NO_PROXY: '127.0.0.1' }
  env = { ...process.env, ...trust, ...address }
  const item = await sampleItem()
  for (const request of [{}, { bbox: [-59.93, -3.16, -59.87, -3.1] }, { max_size: 100 }]) {
    const response = await fetch(`${system.base}/ndvi`, {
      method: 'POST',
      body: JSON.stringify({ item, outputs: ['item', 'cog', 'figure'], ...request }),
      headers: { 'content-type': 'application/json' },
    })
    assert.equal(response.status, 200)
  }
})
after(async () => {
  await proxy.close()
  await system.close()
})

describe('stac-api-validator', () => {
  it('finds no error in the classes that are claimed', async (t) => {
    if (skipWithoutPython(t)) return
    const classes = [
      'core',
      'collections',
      'features',
      'item-search',
      'filter',
      'item-search#fields',
      'item-search#query',
    ]
    const conformance = classes.flatMap((name) => ['--conformance', name])
    const given = ['--collection', 'ndvi', '--geometry', JSON.stringify(GEOMETRY)]
    const fields = ['--fields-nested-property', 'properties.platform']
    const query = [
      '--query-comparison-field',
      'gsd',
      ...compared,
      '--query-substring-field',
      'platform',
      ...texts,
    ]
    const command = join(peersHome(), 'python', 'bin', 'stac-api-validator')
    const root = ['--root-url', `${system.base}/stac`]
    const args = [...root, ...conformance, ...given, ...fields, ...query]
    const { stdout } = await execute(command, args, { env, maxBuffer: 2 ** 26 }).catch(
      (failed: { stdout: string }) => failed,
    )
    assert.deepEqual(proxy.refused, [])
    assert.match(stdout, /Errors: none/, stdout)
  })
})

const compared =
  '--query-eq-value 30 --query-neq-value 31 --query-lt-value 31 --query-lte-value 30 --query-gt-value 1 --query-gte-value 30'.split(
    ' ',
  )
const texts =
  '--query-starts-with-value LAND --query-ends-with-value 9 --query-contains-value SAT --query-in-field instruments --query-in-values OLI'.split(
    ' ',
  )

const client = `
import json, sys
from pystac_client import Client
api = Client.open(sys.argv[1])
told = {"collections": sorted(each.id for each in api.get_collections())}
def ids(**search):
    return sorted(item.id for item in api.search(collections=["ndvi"], **search).items())
told["all"] = ids()
told["pages"] = ids(limit=1)
told["get"] = ids(method="GET", limit=2)
told["bbox"] = ids(bbox=[-59.91, -3.15, -59.9, -3.14])
told["beside"] = ids(bbox=[10, 10, 11, 11])
told["month"] = ids(datetime="2023-07")
told["other month"] = ids(datetime="2023-08")
told["ids"] = ids(ids=told["all"][:1])
told["intersects"] = ids(intersects=json.loads(sys.argv[2]))
told["query"] = ids(query={"gsd": {"gt": 30}})
told["filter"] = ids(filter={"op": ">", "args": [{"property": "gsd"}, 30]})
told["sorted"] = ids(sortby="-properties.datetime")
collection = api.get_collection("ndvi")
told["items"] = sorted(item.id for item in collection.get_items())
item = collection.get_item(told["all"][0])
told["item"] = item.id
told["cog"] = item.assets["cog"].get_absolute_href()
print(json.dumps(told))`

describe('pystac-client', () => {
  it('opens it, searches by everything that it knows, and reads items', async (t) => {
    if (skipWithoutPython(t)) return
    const args = ['-W', 'ignore', '-c', client, `${system.base}/stac`, JSON.stringify(GEOMETRY)]
    const { stdout } = await execute(peersPython(), args, { env })
    const told = JSON.parse(stdout)
    assert.deepEqual(told.collections, [
      'changes',
      'composites',
      'landsat-c2l2-sr',
      'ndvi',
      'scenes',
    ])
    const { all } = told
    assert.equal(all.length, 3)
    for (const same of ['pages', 'get', 'bbox', 'month', 'intersects', 'sorted', 'items'])
      assert.deepEqual(told[same], all, same)
    for (const none of ['beside', 'other month']) assert.deepEqual(told[none], [], none)
    assert.deepEqual(told.ids, all.slice(0, 1))
    assert.equal(told.query.length, 1)
    assert.deepEqual(told.filter, told.query)
    assert.equal(told.item, all[0])
    assert.equal((await fetch(told.cog)).status, 200)
    assert.deepEqual(proxy.refused, [])
  })
})

interface SchemaProxy {
  readonly url: string
  /** File with the certificate of who signed for the hosts. */
  readonly authority: string
  /** What was asked that is none of the schemas. */
  readonly refused: readonly string[]
  close(): Promise<void>
}

/** An HTTPS proxy that answers for the hosts of schemas, under a certificate of its own. */
async function startSchemaProxy(): Promise<SchemaProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
  const { key, cert } = makeCertificate(hosts)
  const authority = join(folder, 'authority.pem')
  await writeFile(authority, cert)
  const refused: string[] = []
  const inner = createServer((request, response) => void answer(request, response, refused))
  const secureContext = createSecureContext({ key, cert })
  const outer = createServer((request, response) => {
    refused.push(`${request.method} ${request.url}`)
    response.writeHead(502).end()
  })
  const sockets = new Set<Socket>()
  outer.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
    const [host = ''] = url.split(':')
    if (!hosts.includes(host)) {
      refused.push(`CONNECT ${url}`)
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
      return
    }
    sockets.add(socket)
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    inner.emit('connection', new TLSSocket(socket, { isServer: true, secureContext }))
  })
  await new Promise<void>((resolve) => outer.listen(0, '127.0.0.1', resolve))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a listening TCP server has an AddressInfo
  const { port } = outer.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    authority,
    refused,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => outer.close(resolve))
      await rm(folder, { recursive: true })
    },
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  refused: string[],
): Promise<void> {
  const { host = '' } = request.headers
  const path = request.url ?? '/'
  const isSource = host === 'landsatlook.usgs.gov' && path.endsWith('_SR')
  const file = isSource
    ? JSON.stringify(await sampleItem())
    : await schemaFile(`https://${host}${path}`)
  if (file === null) {
    refused.push(`https://${host}${path}`)
    response.writeHead(404).end()
    return
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(file)
}

/** Extensions lie here; the core's schemas come with pystac, 1.1.0 for 1.0.0 too, whose basics one of them names. */
async function schemaFile(url: string): Promise<string | null> {
  const [, extension, version] =
    /^https:\/\/stac-extensions\.github\.io\/([\w-]+)\/(v[\d.]+)\/schema\.json$/.exec(url) ?? []
  const [, core] =
    /^https:\/\/schemas\.stacspec\.org\/v1\.[01]\.0\/[\w-]+\/json-schema\/([\w-]+\.json)$/.exec(
      url,
    ) ?? []
  const [, geojson] = /^https:\/\/geojson\.org\/schema\/(\w+\.json)$/.exec(url) ?? []
  const packages = join(peersHome(), 'python', 'lib')
  const [python = ''] = (await execute('ls', [packages])).stdout.split('\n')
  const pystac = join(packages, python, 'site-packages/pystac/validation/jsonschemas')
  const path =
    extension !== undefined
      ? fileURLToPath(new URL(`schemas/${extension}-${version}.json`, import.meta.url))
      : core !== undefined
        ? join(pystac, 'stac-spec/v1.1.0', core)
        : geojson !== undefined
          ? join(pystac, 'geojson', geojson)
          : null
  return path === null ? null : readFile(path, 'utf8').catch(() => null)
}
