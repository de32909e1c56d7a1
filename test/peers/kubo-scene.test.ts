// The sample scene read through a real Kubo alone: the same root, by CIDs and by an IPNS name of a directory.

import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { systemClock } from '../../lib/async/clock.ts'
import { readConfig } from '../../lib/config/config.ts'
import { createBlocks } from '../../lib/ipfs/blocks.ts'
import { createGateway } from '../../lib/ipfs/gateway.ts'
import { Prefetcher } from '../../lib/ipfs/prefetch.ts'
import { BlockRace } from '../../lib/ipfs/race.ts'
import { ReadSession } from '../../lib/ipfs/read-session.ts'
import { openPath } from '../../lib/ipfs/resolve-path.ts'
import { isJsonObject, type JsonObject } from '../../lib/model/json.ts'
import { withoutRights } from '../../lib/model/run.ts'
import { createHttp } from '../../lib/net/http.ts'
import { computeNdvi } from '../../lib/pipeline.ts'
import { sampleBlocks, sampleItem, sampleRequest, sampleRoot } from '../../lib/sample/sample.ts'
import { createServices } from '../../lib/services.ts'
import { readItem } from '../../lib/stac/item.ts'
import { readScene } from '../../lib/stac/scene.ts'
import { startKubo } from '../harness/kubo.ts'
import { skipWithoutKubo } from '../harness/peers.ts'

const signal = new AbortController().signal
const run = {
  fresh: true,
  tell: () => undefined,
  ...withoutRights,
}

/** Both bands of the sample as files, named by their keys in the item. */
async function bandFiles(): Promise<ReadonlyMap<string, Uint8Array>> {
  const network = new BlockRace([], systemClock)
  const blocks = createBlocks({ own: [sampleBlocks()], network, cacheBytes: 0 })
  const { red, nir } = readScene(readItem(await sampleItem(), null))
  const files = new Map<string, Uint8Array>()
  for (const { key, content } of [red, nir]) {
    assert.ok(content)
    const file = await openPath(content, blocks, new ReadSession(), signal)
    const [bytes] = await file.readAll([{ offset: 0, length: file.size }], signal)
    files.set(key, bytes ?? new Uint8Array(0))
  }
  return files
}

/** The sample's item with other addresses of its bands. */
async function itemWith(hrefs: ReadonlyMap<string, string>): Promise<JsonObject> {
  const item = await sampleItem()
  const assets = isJsonObject(item.assets) ? item.assets : {}
  const changed = [...hrefs].map(([key, href]) => {
    const asset = assets[key]
    const { alternate: _others, ...fields } = isJsonObject(asset) ? asset : {}
    return [key, { ...fields, href }] as const
  })
  return { ...item, assets: { ...assets, ...Object.fromEntries(changed) } }
}

it('the sample from a real Kubo alone has its root, by CIDs and by a name', async (t) => {
  if (skipWithoutKubo(t)) return
  await using node = await startKubo()
  const dataDir = await mkdtemp(join(tmpdir(), 'greenprint-kubo-scene-'))
  try {
    const folder = join(dataDir, 'bands')
    await mkdir(folder)
    for (const [key, bytes] of await bandFiles()) await writeFile(join(folder, key), bytes)
    const directory = (await node.ipfs('add', '-r', '-Q', folder)).trim()
    const services = createServices(readConfig({ IPFS_GATEWAYS: node.gateway, DATA_DIR: dataDir }))
    const http = createHttp({ allowedHosts: [], allowPrivate: true })
    const gateway = createGateway({ url: node.gateway, headers: {} }, http, systemClock)
    const network = new BlockRace([gateway], systemClock)
    const prefetcher = new Prefetcher([gateway], network, systemClock)
    // Without the own store and the sample in it.
    const blocks = createBlocks({ own: [], network, prefetcher, cacheBytes: 16_000_000 })
    const alone = { ...services, blocks }
    const request = await sampleRequest()

    const byCid = await computeNdvi({ request, pin: false }, alone, run, signal)
    assert.equal(byCid.root, await sampleRoot())
    for (const { sources } of Object.values(byCid.proof.bands))
      assert.ok(Object.keys(sources).every((name) => name === node.gateway || name === 'memory'))

    const name = (await node.ipfs('key', 'gen', 'scenes')).trim()
    await node.ipfs('name', 'publish', '--allow-offline', '--key=scenes', `/ipfs/${directory}`)
    const keys = [...(await bandFiles()).keys()]
    const named = await itemWith(new Map(keys.map((key) => [key, `ipns://${name}/${key}`])))
    const hashed = await itemWith(new Map(keys.map((key) => [key, `ipfs://${directory}/${key}`])))
    const compute = (item: JsonObject, names: boolean) =>
      computeNdvi({ request: { ...request, item, names }, pin: false }, alone, run, signal)
    const byPath = await compute(hashed, false)
    const byName = await compute(named, true)
    assert.deepEqual([byName.id, byName.root], [byPath.id, byPath.root])
    assert.equal(byPath.proof.names, undefined)
    assert.deepEqual(
      byName.proof.names?.map(({ name: resolved, value }) => [resolved, value]),
      [[name, `/ipfs/${directory}`]],
    )
    await assert.rejects(compute(named, false), /is an IPNS name.*"names": true/)
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
})
