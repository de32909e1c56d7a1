// Files that name large sizes, asked for over HTTP, one after the other and all at once: the process lives within the
// memory of a function.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { JsonObject } from '../../lib/model/json.ts'
import { startCopyHost } from '../harness/copy-host.ts'
import { hostileTiffs, largeTiffs } from '../harness/hostile-tiffs.ts'
import { createMemoryGroup } from '../harness/memory-group.ts'

const MIB = 1024 * 1024
/** Of the API's function. */
const LIMIT = 1769 * MIB
const MOST_RESIDENT = 900 * MIB

const corpus = [...hostileTiffs, ...largeTiffs]
const host = await startCopyHost()
for (const [at, [, tiff]] of corpus.entries()) host.put(`${at}.tif`, tiff())

const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
const group = createMemoryGroup(`greenprint-${process.pid}`, LIMIT)
const script = fileURLToPath(new URL('../../functions/local.ts', import.meta.url))
const server = spawn(process.execPath, [script], {
  env: { ...process.env, DATA_DIR: folder, PORT: '18380' },
  stdio: ['ignore', 'pipe', 'inherit'],
})
group?.add(server.pid ?? 0)
let base = ''
for await (const line of createInterface(server.stdout)) {
  base = /local system at (http\S+)/.exec(line)?.[1] ?? base
  if (line.startsWith('Serving.')) break
}
server.stdout.resume()
after(async () => {
  const over = once(server, 'exit')
  server.kill()
  await over
  group?.remove()
  await host.close()
  await rm(folder, { recursive: true, force: true })
})

/** The file as both of its bands, at two addresses. */
function itemOf(at: number): JsonObject {
  const asset = (band: string) => ({ href: `${host.url}/${at}.tif?${band}`, type: 'image/tiff' })
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id: `hostile-${at}`,
    geometry: null,
    properties: { datetime: '2020-02-19T11:00:00Z' },
    assets: { red: asset('red'), nir: asset('nir') },
    links: [],
  }
}

async function ask(at: number, outputs: readonly string[]): Promise<number> {
  const body = { item: itemOf(at), trust: 'transport', scale: 'none', max_size: 'full', outputs }
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${base}/ndvi`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ ...body, pin: false }),
  })
  await response.arrayBuffer()
  return response.status
}

/** Bytes that were resident at most. */
async function peak(): Promise<number> {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) * 1024
}

const wishes = [
  ['figure', 'item'],
  ['layer', 'cog'],
] as const

it('each file by itself, and its like at the same time', { timeout: 580_000 }, async (t) => {
  t.diagnostic(group === null ? 'no memory cgroup here' : `in a cgroup of ${LIMIT / MIB} MiB`)
  for (const [at, [name]] of corpus.entries()) {
    const statuses: number[] = []
    for (const outputs of wishes) statuses.push(await ask(at, outputs))
    t.diagnostic(`${name}: ${statuses.join(' ')}, ${Math.round((await peak()) / MIB)} MiB`)
    for (const status of statuses) assert.ok(status < 500 || status === 504, `${name}: ${status}`)
  }
  const small = [...hostileTiffs.keys()]
  const statuses = await Promise.all(small.map((at) => ask(at, ['figure'])))
  for (const status of statuses) assert.ok(status < 500 || status === 504, String(status))
  assert.equal((await fetch(`${base}/health`)).status, 200)
  assert.equal(server.exitCode, null)
  const bytes = await peak()
  t.diagnostic(`${Math.round(bytes / MIB)} MiB resident at most`)
  assert.ok(bytes <= MOST_RESIDENT, `${bytes} bytes`)
})
