// Who draws the tiles: the local system, verified or not, and titiler; each as a process of its own.

import { existsSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { peersHome, peersPython } from '../../test/harness/peers.ts'
import { healthy, type RunningServer, startAt, startTelling } from './server.ts'

const node = process.execPath
const local = fileURLToPath(new URL('../../functions/local.ts', import.meta.url))

/** As titiler's own guide on performance sets them. */
const gdal = {
  GDAL_DISABLE_READDIR_ON_OPEN: 'EMPTY_DIR',
  CPL_VSIL_CURL_ALLOWED_EXTENSIONS: '.tif',
  CPL_VSIL_CURL_CACHE_SIZE: '200000000',
  GDAL_CACHEMAX: '200',
  GDAL_HTTP_MERGE_CONSECUTIVE_RANGES: 'YES',
  GDAL_HTTP_MULTIPLEX: 'YES',
  GDAL_HTTP_VERSION: '2',
  GDAL_BAND_BLOCK_CACHE: 'HASHSET',
  GDAL_INGESTED_BYTES_AT_OPEN: '32768',
  VSI_CACHE: 'TRUE',
  VSI_CACHE_SIZE: '5000000',
}

export interface Tile {
  readonly z: number
  readonly x: number
  readonly y: number
}

export interface Contender {
  readonly name: string
  readonly start: () => Promise<RunningServer>
  readonly addressOf: (tile: Tile) => string
}

function environment(dataDir: string): Readonly<Record<string, string>> {
  return { DATA_DIR: dataDir, PORT: '0', ALLOWED_HOSTS: '127.0.0.1', ALLOW_PRIVATE_HOSTS: 'true' }
}

/** Makes the fingerprints once; what was read for them is not kept. @returns the bounds of the scene */
export async function fingerprint(dataDir: string, item: string): Promise<readonly number[]> {
  const server = await startTelling(node, [local], environment(dataDir), /^\s*Serving/)
  try {
    const response = await fetch(`${server.url}/fingerprint`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ item, pin: false }),
    })
    if (!response.ok) throw new Error(await response.text())
    await response.arrayBuffer()
    const query = new URLSearchParams({ item })
    const told = await fetch(`${server.url}/tilejson.json?${query.toString()}`)
    const { bounds }: { bounds: readonly number[] } = JSON.parse(await told.text())
    return bounds
  } finally {
    await server.stop()
    // What was read is not kept, but for what the fingerprint itself keeps: inner nodes and header.
    await rm(join(dataDir, 'cache'), { recursive: true, force: true })
  }
}

export function greenprint(
  name: string,
  item: string,
  trust: string,
  known: string,
  folder: string,
): Contender {
  const query = new URLSearchParams({ item, trust })
  let lives = 0
  return {
    name,
    start: async () => {
      const dataDir = join(folder, `${trust}-${lives++}`)
      await cp(known, dataDir, { recursive: true })
      if (trust === 'transport')
        await rm(join(dataDir, 'fingerprints'), { recursive: true, force: true })
      return startTelling(node, [local], environment(dataDir), /^\s*Serving/)
    },
    addressOf: ({ z, x, y }) => `/tiles/${z}/${x}/${y}.png?${query.toString()}`,
  }
}

export function titiler(item: string): Contender {
  const query = new URLSearchParams([
    ['url', item],
    ['assets', 'red'],
    ['assets', 'nir08'],
    ['expression', '(b2*2e-5-0.1-b1*2e-5+0.1)/(b2*2e-5-0.1+b1*2e-5-0.1)'],
    ['rescale', '-1,1'],
    ['colormap_name', 'rdylgn'],
  ])
  return {
    name: 'titiler 2.4',
    start: async () => {
      const port = await freePort()
      const options = ['--port', String(port), '--log-level', 'error']
      const args = ['-m', 'uvicorn', 'titiler.application.main:app', ...options]
      const server = await startAt(port, peersPython(), args, gdal)
      await healthy(server, '/healthz')
      return server
    },
    addressOf: ({ z, x, y }) =>
      `/stac/tiles/WebMercatorQuad/${z}/${x}/${y}.png?${query.toString()}`,
  }
}

export function lacksTitiler(): string | null {
  if (existsSync(join(peersHome(), 'python', 'complete'))) return null
  return 'ABSENT: titiler (npm run peers installs it). NOTHING WAS MEASURED.'
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new TypeError('no port')
  return address.port
}
