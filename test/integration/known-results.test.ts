// A known result that is asked for again: from its record, pinned or not, and nothing is written for it.

import assert from 'node:assert/strict'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, it } from 'node:test'
import type { JsonObject } from '../../lib/model/json.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { sceneItem } from '../harness/items.ts'
import { startSystem } from '../harness/system.ts'

const blocks = new MemoryBlocks()
const item = await sceneItem('l8-c2l2-brumadinho-before', blocks)
const gateway = await startGateway(blocks)
const system = await startSystem({ IPFS_GATEWAYS: gateway.url })
after(async () => {
  await system.close()
  await gateway.close()
})

/** When each file of the store was written, and which file it is. */
async function written(): Promise<Map<string, string>> {
  await system.services.settle()
  const entries = await readdir(system.dataDir, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const marks = await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name)
      const { ino, mtimeMs } = await stat(path)
      return [path, `${ino} ${mtimeMs}`] as const
    }),
  )
  return new Map(marks)
}

const body: JsonObject = { item, max_size: 64, outputs: ['figure', 'item'], pin: true }

it('that is published is answered with who holds it, by all at once, and nothing is written', async () => {
  const made = await system.ndvi(body)
  assert.deepEqual(
    made.publications.map(({ service, status }) => [service, status]),
    [['local', 'held']],
  )
  const before = await written()
  const again = await Promise.all(Array.from({ length: 20 }, () => system.ndvi(body)))
  for (const reply of again) assert.deepEqual(reply, { ...made, cached: true })
  await system.ndvi({ ...body, pin: false })
  assert.deepEqual(await written(), before)
})

it('is told for each of two items, however much alike they are', async () => {
  const other = {
    ...body,
    item: { ...item, links: [{ rel: 'self', href: 'https://a.example/i' }] },
  }
  const replies = await Promise.all([system.ndvi(body), system.ndvi(other), system.ndvi(body)])
  const hrefs = replies.map(({ item: { href } }) => href)
  assert.equal(hrefs[0], hrefs[2])
  assert.equal(hrefs[1], 'https://a.example/i')
})

it('whose blocks are gone is made anew, whatever was remembered of the request', async () => {
  const made = await system.ndvi(body)
  for (const folder of ['blocks', 'files', 'published']) {
    await rm(join(system.dataDir, folder), { recursive: true, force: true })
  }
  const again = await system.ndvi(body)
  assert.deepEqual([again.cached, again.root.cid], [false, made.root.cid])
})
