// examples/recompute_joint.py beside published changes and composites: a stranger with rasterio gets the same pixels
// from the item and the files of all scenes.

import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it, type TestContext } from 'node:test'
import type { JointReply } from '../../lib/http/joint-reply.ts'
import { compositeMethods } from '../../lib/model/composite.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { rasterioRequirement } from '../harness/rasterio.ts'
import { namedFiles, Recomputing } from '../harness/recompute.ts'
import { skipWithout } from '../harness/requires.ts'
import { degreesOf, makeSeason } from '../harness/season.ts'
import { serveStac } from '../harness/stac-server.ts'
import { json, startSystem } from '../harness/system.ts'

const SIDE = 140
const folder = await mkdtemp(join(tmpdir(), 'recompute-joint-'))
const blocks = new MemoryBlocks()
const gateway = await startGateway(blocks)
const { items, scenes } = await makeSeason(
  {
    side: SIDE,
    dates: ['2023-05-02', '2023-05-20', '2023-06-07', '2023-08-12'],
    joined: ['2023-06-07'],
    shifts: { '2023-05-20': [-3, 7], '2023-08-12': [5, -2] },
  },
  blocks,
  folder,
)
const api = await serveStac(() => items)
const system = await startSystem({ IPFS_GATEWAYS: gateway.url, STAC_API_URL: api })
const python = new Recomputing()
after(async () => {
  await Promise.all([python.close(), system.close(), gateway.close()])
  await rm(folder, { recursive: true, force: true })
})

const corners = [
  [20, 15],
  [118, 40],
  [60, 150],
  [20, 15],
] as const
const geometry = { type: 'Polygon', coordinates: [await degreesOf(corners)] }
const season = { collections: ['landsat-c2l2-sr'], datetime: '2023' }
const outputs = ['cog', 'item']

/** The published item, and where its raster files were put. */
async function published(path: string, body: object) {
  const response = await fetch(`${system.base}${path}`, {
    method: 'POST',
    body: JSON.stringify({ outputs, ...body }),
    headers: { 'content-type': 'application/json' },
  })
  assert.equal(response.status, 200, await response.clone().text())
  const { root, assets } = await json<JointReply>(response)
  const read = (name: string) => fetch(`${system.base}/ipfs/${root.cid}/${name}`)
  const rasters: Record<string, string> = {}
  for (const [key, { href }] of Object.entries(assets)) {
    const name = href.slice(href.lastIndexOf('/') + 1)
    if (!name.endsWith('.tif')) continue
    rasters[key] = join(folder, name)
    await writeFile(rasters[key], new Uint8Array(await (await read(name)).arrayBuffer()))
  }
  return { item: await json<JsonObject>(await read('item.json')), rasters }
}

/** @param roles the id of the scene that each is */
async function recompute(
  item: JsonObject,
  roles: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>> = {},
) {
  const files: Record<string, string> = { ...others }
  for (const [role, id] of Object.entries(roles)) {
    const { red, nir, qa } = scenes.find((scene) => scene.id === id)!
    Object.assign(files, { [`${role}.red`]: red, [`${role}.nir`]: nir, [`${role}.qa`]: qa })
  }
  const path = join(folder, 'item.json')
  await writeFile(path, JSON.stringify(item))
  return python.run('recompute_joint', [path, ...namedFiles(files)])
}

const byId = Object.fromEntries(scenes.map(({ id }) => [id, id]))
const idOf = (date: string) => scenes.find((scene) => scene.date === date)!.id
const pair = { before: idOf('2023-05-20'), after: idOf('2023-08-12') }

/** Of the two scenes of `pair`, whose first pixels are not the same. */
function changeOf(body: object) {
  const [before, after] = [pair.before, pair.after].map((id) => ({ search: { ids: [id] } }))
  return published('/change', { search: season, before, after, ...body })
}

async function isReproduced(
  t: TestContext,
  { item, rasters }: Awaited<ReturnType<typeof published>>,
  roles: Readonly<Record<string, string>>,
): Promise<void> {
  if (skipWithout(t, rasterioRequirement)) return
  const { status, differs } = await recompute(item, roles, rasters)
  assert.deepEqual([status, differs], [0, []])
}

describe('examples/recompute_joint.py', () => {
  for (const [what, body] of [
    ['of all that two scenes share', { max_size: 'full' }],
    ['inside a polygon, the clouds left in', { max_size: 'full', geometry, mask: [] }],
    ['of every nth pixel', { max_size: 41 }],
  ] as const) {
    it(`gets the pixels and numbers of a change ${what}`, async (t) => {
      await isReproduced(t, await changeOf(body), pair)
    })
  }

  for (const reduce of compositeMethods) {
    it(`gets those of a composite by ${reduce}, scenes of one day as one`, async (t) => {
      const body = { search: season, reduce, max_size: 'full' }
      await isReproduced(t, await published('/composite', body), byId)
    })
  }

  it('gets those of a composite inside a polygon, of every nth pixel', async (t) => {
    for (const more of [{ geometry }, { max_size: 37 }, { geometry, max_size: 37 }]) {
      const body = { search: season, max_size: 'full', ...more }
      await isReproduced(t, await published('/composite', body), byId)
    }
  })

  it('names what was changed, of which band', async (t) => {
    if (skipWithout(t, rasterioRequirement)) return
    const { item } = await changeOf({})
    const { 'greenprint:area': area, 'greenprint:pixels': pixels } = Object(item['properties'])
    area.statistics.before.mean += 1e-6
    pixels.after.sha256 = '0'.repeat(64)
    const { status, differs } = await recompute(item, pair)
    assert.equal(status, 1)
    assert.match(
      differs.join('\n'),
      /^before: mean is .*\nafter: the pixels have the SHA-256 \w+, not the published 0+$/,
    )
  })

  it('names days that are not those of the pixels, and files of another scene', async (t) => {
    if (skipWithout(t, rasterioRequirement)) return
    const { item, rasters } = await published('/composite', { search: season, max_size: 'full' })
    const sources: { date: string; pixels: number }[] = Object(item['properties'])[
      'greenprint:sources'
    ]
    sources[0]!.pixels += 1
    sources[1]!.date = '2023-05-21'
    const { differs } = await recompute(item, byId, rasters)
    assert.match(differs.join('\n'), /^the days have .*\n.*dates\.tif holds other days$/)
    const swapped = { ...byId, [pair.before]: pair.after, [pair.after]: pair.before }
    const { status, differs: others } = await recompute(item, swapped)
    assert.equal(status, 1)
    assert.match(others[0] ?? '', /^the days have \[0, 938, 23505, 1340\] pixels/)
  })

  it('says which files it wants, and what it does not do', async (t) => {
    if (skipWithout(t, rasterioRequirement)) return
    const { item } = await changeOf({})
    const wanted = await recompute(item, { before: pair.before })
    assert.equal(wanted.status, 2)
    assert.match(wanted.differs[0] ?? '', /give after\.red=FILE after\.nir=FILE after\.qa=FILE$/)
    const { 'greenprint:kind': _, ...properties } = Object(item['properties'])
    const other = await recompute({ ...item, properties }, pair)
    assert.match(other.differs[0] ?? '', /recompute\.py does the NDVI of one$/)
  })
})
