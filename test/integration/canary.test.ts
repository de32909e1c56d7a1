// An address that a caller signed: nothing of what signs it leaves, in replies, logs, records, jobs or published files.

import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { notify } from '../../lib/events/notify.ts'
import { submitJob } from '../../lib/jobs/submit.ts'
import { isJsonObject } from '../../lib/model/json.ts'
import type { Order } from '../../lib/model/order.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startCopyHost } from '../harness/copy-host.ts'
import { startGateway } from '../harness/gateway.ts'
import { assetsOf, sceneItem } from '../harness/items.ts'
import { sceneFile } from '../harness/scenes.ts'
import { startSystem } from '../harness/system.ts'

const CANARY = 'CANARY-5b1e'
const SIGNED = [
  `https://user:${CANARY}@host.example/i.json?token=${CANARY}&sig=${CANARY}`,
  `https://host.example/i.json?X-Amz-Signature=${CANARY}&X-Amz-Credential=${CANARY}&X-Amz-Security-Token=${CANARY}`,
  `https://host.example/i.json?sv=2025&se=2026&sig=${CANARY}`,
  `https://host.example/i.json?Signature=${CANARY}&Key-Pair-Id=${CANARY}&Policy=${CANARY}&Expires=1`,
] as const

const blocks = new MemoryBlocks()
const plain = await sceneItem('l8-c2l2-brumadinho-before', blocks)
const gateway = await startGateway(blocks)
const host = await startCopyHost()
for (const key of ['red', 'nir08']) {
  host.put(`${key}.tif`, await sceneFile('l8-c2l2-brumadinho-before', key))
}
const folder = await mkdtemp(join(tmpdir(), 'greenprint-canary-'))
const system = await startSystem({ IPFS_GATEWAYS: gateway.url, DATA_DIR: folder })
after(async () => {
  await system.close()
  await gateway.close()
  await host.close()
  await rm(folder, { recursive: true, force: true })
})

function signed(address: string) {
  const assets = Object.entries(isJsonObject(plain['assets']) ? plain['assets'] : {}).map(
    ([key, asset]) => [key, isJsonObject(asset) ? { ...asset, href: address } : asset],
  )
  const links = ['self', 'canonical', 'via', 'derived_from'].map((rel) => ({ rel, href: address }))
  return { ...plain, links, assets: Object.fromEntries(assets) }
}

async function assertClean(what: string, text: string): Promise<void> {
  const at = text.indexOf(CANARY)
  assert.ok(at < 0, `${what}: …${text.slice(Math.max(0, at - 200), at + 40)}`)
}

describe('what signs an address', () => {
  for (const address of SIGNED) {
    const name = new URL(address).search.slice(0, 20)
    it(`is not told of a result (${name}…)`, async () => {
      const body = { item: signed(address), max_size: 64, outputs: ['figure', 'cog', 'item'] }
      for (const asked of [body, body]) {
        const response = await system.post(asked)
        const text = await response.text()
        assert.equal(response.status, 200, text)
        await assertClean('the reply', text)
      }
      const job = await system.post({ ...body, max_size: 65 }, { prefer: 'respond-async' })
      await assertClean('the job', await job.text())
      const seen = await fetch(`${system.base}${job.headers.get('location') ?? '/health'}`)
      await assertClean('its view', await seen.text())
    })

    it(`is not told of a fault (${name}…)`, async () => {
      for (const body of [
        { item: address },
        { search: { api: address } },
        {
          item: {
            ...signed(address),
            assets: { red: { href: address }, nir08: { href: address } },
          },
        },
      ]) {
        const response = await system.post(body)
        assert.ok(response.status >= 400)
        await assertClean(JSON.stringify(body).slice(0, 30), await response.text())
      }
    })
  }

  it('is not told of fingerprints, of publications, or by the jobs of notices', async () => {
    const address = (key: string) =>
      `${host.url}/${key}.tif?X-Amz-Signature=${CANARY}&X-Amz-Security-Token=${CANARY}&token=${CANARY}`
    const bare = Object.keys(assetsOf(plain)).map((key) => [key, { href: address(key) }])
    const item = { ...plain, assets: Object.fromEntries(bare) }
    const send = (path: string, body: object, headers = {}) =>
      fetch(`${system.base}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      })
    const printed = await send('/fingerprint', { item })
    const text = await printed.text()
    assert.equal(printed.status, 200, text)
    await assertClean('the fingerprints', text)
    const { fingerprints, root } = JSON.parse(text)
    for (const path of [
      `/fingerprints/${fingerprints.red.cid}`,
      `/publications/${root.cid}`,
      `/ipfs/${root.cid}/item.json`,
    ]) {
      const response = await fetch(`${system.base}${path}`)
      assert.equal(response.status, 200, path)
      await assertClean(path, await response.text())
    }
    host.instead = (_, response) => Boolean(response.writeHead(403).end())
    const refused = await send('/fingerprint', { item }, { 'cache-control': 'no-cache' })
    assert.ok(refused.status >= 400)
    await assertClean('a fault of the copy', await refused.text())

    const submitted: Order[] = []
    const notices = {
      ...system.services,
      watch: null,
      noticeDo: ['ndvi'] as const,
      submit: async (order: Order, signal: AbortSignal) => {
        submitted.push(order)
        return submitJob(order, system.services, signal)
      },
      log: (level: string, line: object) => void notes.push(JSON.stringify({ level, line })),
    }
    const notes: string[] = []
    await notify(signed(SIGNED[0]), notices, new AbortController().signal)
    assert.equal(submitted.length, 1)
    const jobs = await system.services.objects.list('jobs', null, 100, new AbortController().signal)
    assert.ok(jobs.length > 0)
    await assertClean('the notes', notes.join('\n'))
  })

  it('is in no line of the log, and in no file of the store', async () => {
    await assertClean('the log', system.lines.join('\n'))
    await system.services.settle()
    const files = await readdir(folder, { recursive: true, withFileTypes: true })
    assert.ok(files.length > 10)
    for (const file of files.filter((each) => each.isFile())) {
      const path = join(file.parentPath, file.name)
      await assertClean(path, await readFile(path, 'latin1'))
    }
  })
})
