// The scripts of examples/ as their reader runs them: the published directory and every band file got by a real Kubo.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { JointReply } from '../../lib/http/joint-reply.ts'
import type { SeriesReply } from '../../lib/http/series-reply.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { sampleItem } from '../../lib/sample/sample.ts'
import { startWorker } from '../harness/job-worker.ts'
import { type Kubo, startKubo } from '../harness/kubo.ts'
import { kuboRpc } from '../harness/kubo-rpc.ts'
import { kubo, skipWithoutKubo } from '../harness/peers.ts'
import { rasterioRequirement } from '../harness/rasterio.ts'
import { PYTHON, skipWithout } from '../harness/requires.ts'
import { serveStac } from '../harness/stac-server.ts'
import { json, startSystem, type TestSystem } from '../harness/system.ts'

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const manaus = ['red', 'nir08'].map((name) =>
  pathOf(`../fixtures/scenes/l9-c2l2-manaus/${name}.tif`),
)

/** Over the sample. */
const geometry = {
  type: 'Polygon',
  coordinates: [
    [
      [-59.93, -3.16],
      [-59.87, -3.15],
      [-59.9, -3.1],
      [-59.93, -3.16],
    ],
  ],
}

describe('what Kubo gets of a root', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recompute-'))
  let item: JsonObject
  let node: Kubo
  let system: TestSystem
  before(async () => {
    if (!existsSync(kubo())) return
    item = await sampleItem()
    const api = await serveStac(() => [item])
    node = await startKubo()
    for (const file of manaus) await node.ipfs('add', '--cid-version=0', '--quieter', file)
    system = await startSystem({ IPFS_GATEWAYS: node.gateway, STAC_API_URL: api })
  })
  after(async () => {
    await system?.close()
    await node?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  async function post<Reply>(path: string, body: object): Promise<Reply> {
    const search = { collections: [item['collection']] }
    const response = await fetch(`${system.base}${path}`, {
      method: 'POST',
      body: JSON.stringify({ search, ...body }),
      headers: { 'content-type': 'application/json' },
    })
    assert.ok(response.ok, await response.clone().text())
    return json<Reply>(response)
  }

  /** @returns the folder that Kubo wrote */
  async function got(root: string): Promise<string> {
    const car = await fetch(`${system.base}/ipfs/${root}?format=car`)
    await kuboRpc(node).importCar(new Uint8Array(await car.arrayBuffer()))
    const result = join(folder, root)
    await node.ipfs('get', '--progress=false', '--output', result, root)
    return result
  }

  async function recompute(script: string, args: readonly string[]): Promise<void> {
    const PATH = [dirname(kubo()), process.env['PATH']].join(delimiter)
    const env = { ...process.env, PATH, IPFS_PATH: node.repository }
    const path = pathOf(`../../examples/${script}`)
    const options = ['-W', 'ignore', '-B', path, '--ipfs', ...args]
    const { stdout } = await promisify(execFile)(PYTHON, options, { env })
    const { reproduced, differs } = JSON.parse(stdout)
    assert.deepEqual([reproduced, differs], [true, []])
  }

  it('is enough for a composite to be computed again', { timeout: 60_000 }, async (t) => {
    if (skipWithoutKubo(t) || skipWithout(t, rasterioRequirement)) return
    const { root } = await post<JointReply>('/composite', { outputs: ['cog', 'item'] })
    const result = await got(root.cid)
    const rasters = ['cog=composite.tif', 'dates=dates.tif'].map((pair) =>
      pair.replace('=', `=${result}/`),
    )
    await recompute('recompute_joint.py', [join(result, 'item.json'), ...rasters])
  })

  it('is enough for the rows of a series', { timeout: 60_000 }, async (t) => {
    if (skipWithoutKubo(t) || skipWithout(t, rasterioRequirement)) return
    const worker = startWorker(system.services)
    let reply = await post<SeriesReply>('/series', { geometry })
    while (reply.status === 'running') {
      await new Promise((resolve) => setTimeout(resolve, 50))
      reply = await json<SeriesReply>(await fetch(`${system.base}/series/${reply.id}`))
    }
    await worker.stop()
    assert.ok(reply.root)
    const result = await got(reply.root.cid)
    const [areas, observations] = ['areas.json', 'observations.jsonl'].map((name) =>
      join(result, name),
    )
    await recompute('recompute_zones.py', [areas!, observations!])
  })
})
