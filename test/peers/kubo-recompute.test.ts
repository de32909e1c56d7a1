// The scripts of examples/ as their reader runs them: the published directory and every band file got by a real Kubo.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { JointReply } from '../../lib/http/joint-reply.ts'
import { sampleItem } from '../../lib/sample/sample.ts'
import { stacApi } from '../harness/catalogue-hosts.ts'
import { startKubo } from '../harness/kubo.ts'
import { kuboRpc } from '../harness/kubo-rpc.ts'
import { kubo, skipWithoutKubo } from '../harness/peers.ts'
import { rasterioRequirement } from '../harness/rasterio.ts'
import { PYTHON, skipWithout } from '../harness/requires.ts'
import { json, startSystem } from '../harness/system.ts'
import { serve } from '../unit/net/loopback.ts'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const script = path('../../examples/recompute_joint.py')
const manaus = ['red', 'nir08'].map((name) => path(`../fixtures/scenes/l9-c2l2-manaus/${name}.tif`))

describe('a composite', () => {
  it('is reproduced from its root alone, by Kubo and rasterio', { timeout: 60_000 }, async (t) => {
    if (skipWithoutKubo(t) || skipWithout(t, rasterioRequirement)) return
    const folder = await mkdtemp(join(tmpdir(), 'recompute-'))
    const item = await sampleItem()
    const answer = stacApi(() => [item], '')
    const api = await serve((request, response) => {
      const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
      void answer(request, response, url, String)
    })
    await using node = await startKubo()
    for (const file of manaus) await node.ipfs('add', '--cid-version=0', '--quieter', file)
    const system = await startSystem({ IPFS_GATEWAYS: node.gateway, STAC_API_URL: api })
    try {
      const search = { collections: [item['collection']] }
      const response = await fetch(`${system.base}/composite`, {
        method: 'POST',
        body: JSON.stringify({ search, outputs: ['cog', 'item'] }),
        headers: { 'content-type': 'application/json' },
      })
      assert.equal(response.status, 200, await response.clone().text())
      const { root } = await json<JointReply>(response)
      const car = await fetch(`${system.base}/ipfs/${root.cid}?format=car`)
      await kuboRpc(node).importCar(new Uint8Array(await car.arrayBuffer()))
      const result = join(folder, 'result')
      await node.ipfs('get', '--progress=false', '--output', result, root.cid)
      const files = { cog: join(result, 'composite.tif'), dates: join(result, 'dates.tif') }
      const args = ['--ipfs', join(result, 'item.json'), `cog=${files.cog}`, `dates=${files.dates}`]
      const PATH = [dirname(kubo()), process.env['PATH']].join(delimiter)
      const env = { ...process.env, PATH, IPFS_PATH: node.repository }
      const { stdout } = await promisify(execFile)(
        PYTHON,
        ['-W', 'ignore', '-B', script, ...args],
        { env },
      )
      const { reproduced, differs } = JSON.parse(stdout)
      assert.deepEqual([reproduced, differs], [true, []])
    } finally {
      await system.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
})
