// examples/recompute_zones.py beside a finished series: a stranger with rasterio gets every row from its directory and
// the files of its scenes.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'
import type { SeriesReply } from '../../lib/http/series-reply.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { startWorker } from '../harness/job-worker.ts'
import { rasterioRequirement } from '../harness/rasterio.ts'
import { namedFiles, Recomputing } from '../harness/recompute.ts'
import { PYTHON, skipWithout } from '../harness/requires.ts'
import { CLOUDY, makeSeason, seasonZones } from '../harness/season.ts'
import { serveStac } from '../harness/stac-server.ts'
import { json, startSystem } from '../harness/system.ts'

const SIDE = 90
const folder = await mkdtemp(join(tmpdir(), 'recompute-zones-'))
const blocks = new MemoryBlocks()
const gateway = await startGateway(blocks)
const season = await makeSeason(
  {
    side: SIDE,
    dates: ['2023-05-02', '2023-05-20', '2023-06-07'],
    joined: ['2023-05-20'],
    shifts: { '2023-05-20': [-3, 7] },
  },
  blocks,
  folder,
)
/** Of the same month as the last, half a pixel and twenty columns beside its grid. */
const apart = await makeSeason(
  { side: SIDE, dates: ['2023-06-25'], joined: [], shifts: { '2023-06-25': [0.5, 20] } },
  blocks,
  folder,
)
const items = [...season.items, ...apart.items]
const scenes = [...season.scenes, ...apart.scenes]
const features = await seasonZones(SIDE, 6)
const api = await serveStac(() => items)
const system = await startSystem({ IPFS_GATEWAYS: gateway.url, STAC_API_URL: api })
const worker = startWorker(system.services)
const python = new Recomputing()
after(async () => {
  await worker.stop()
  await Promise.all([python.close(), system.close(), gateway.close()])
  await rm(folder, { recursive: true, force: true })
})

/** @returns paths of what its directory has for whoever computes it again */
async function finished(more: object): Promise<{ areas: string; observations: string }> {
  const search = { collections: ['landsat-c2l2-sr'] }
  const response = await fetch(`${system.base}/series`, {
    method: 'POST',
    body: JSON.stringify({ search, features, ...more }),
    headers: { 'content-type': 'application/json' },
  })
  let reply = await json<SeriesReply>(response)
  while (reply.status === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 20))
    reply = await json<SeriesReply>(await fetch(`${system.base}/series/${reply.id}`))
  }
  const save = async (name: string) => {
    const file = await fetch(`${system.base}/ipfs/${reply.root?.cid}/${name}`)
    assert.equal(file.status, 200)
    const path = join(folder, name)
    await writeFile(path, await file.text())
    return path
  }
  return { areas: await save('areas.json'), observations: await save('observations.jsonl') }
}

const files = Object.fromEntries(
  scenes.flatMap(({ id, red, nir, qa }) => [
    [`${id}.red`, red],
    [`${id}.nir`, nir],
    [`${id}.qa`, qa],
  ]),
)

function recompute(areas: string, observations: string) {
  return python.run('recompute_zones', [areas, observations, ...namedFiles(files)])
}

describe('examples/recompute_zones.py', () => {
  for (const [what, grids, more] of [
    ['of single days, of two scenes together', 1, {}],
    ['without a mask', 1, { mask: [] }],
    ['of months, by the median, on two grids', 2, { interval: 'P1M', reduce: 'median' }],
  ] as const) {
    it(`gets every row ${what}`, async (t) => {
      if (skipWithout(t, rasterioRequirement)) return
      const { areas, observations } = await finished(more)
      const { status, differs } = await recompute(areas, observations)
      assert.deepEqual([status, differs], [0, []])
      // A row names the scenes of its grid.
      const last = (await readFile(observations, 'utf8')).trimEnd().split('\n').at(-1) ?? ''
      const { rows }: { rows: { scenes: string[] }[] } = JSON.parse(last)
      assert.equal(new Set(rows.map((row) => row.scenes.join())).size, grids)
    })
  }

  it('names the numbers that were changed, a row that is missing, and zones that are others', async (t) => {
    if (skipWithout(t, rasterioRequirement)) return
    const { areas, observations } = await finished({})
    const [first = '', ...others] = (await readFile(observations, 'utf8')).trimEnd().split('\n')
    const told: { rows: { zone: string; p2: number; valid_count: number }[] } = JSON.parse(first)
    const [row, gone] = told.rows
    assert.ok(row && gone)
    row.valid_count += 1
    row.p2 += 1e-6
    told.rows.splice(1, 1)
    await writeFile(observations, [JSON.stringify(told), ...others].join('\n'))
    const { status, differs } = await recompute(areas, observations)
    assert.equal(status, 1)
    const expected = [
      `observation 1: ${row.zone}: valid_count is`,
      `observation 1: ${row.zone}: percentiles.2 is`,
      `observation 1: ${gone.zone} has no row, and pixels on LC09_`,
    ]
    assert.equal(differs.length, expected.length, differs.join('\n'))
    for (const [at, line] of differs.entries()) assert.ok(line.startsWith(expected[at]!), line)
    await writeFile(areas, (await readFile(areas, 'utf8')).replace('field-1', 'field-7'))
    const strange = await recompute(areas, observations)
    assert.match(
      strange.differs[0] ?? '',
      /^observation 1: its zones are \w{64}, and areas\.json has/,
    )
  })

  it('takes the mask from the overview that is told', async (t) => {
    if (skipWithout(t, rasterioRequirement)) return
    const { areas, observations } = await finished({})
    const [first = '', ...others] = (await readFile(observations, 'utf8')).trimEnd().split('\n')
    const told: { rows: { scenes: string[] }[] } = JSON.parse(first)
    const [scene = ''] = told.rows[0]?.scenes ?? []
    // Beside the file, whose bytes stay as they are.
    const script = `import rasterio
with rasterio.Env(TIFF_USE_OVR=True), rasterio.open('${files[`${scene}.qa`]}', 'r+') as dataset:
    dataset.build_overviews([16])`
    await promisify(execFile)(PYTHON, ['-c', script])
    const full = await recompute(areas, observations)
    assert.deepEqual([full.status, full.differs], [0, []])
    const named = { ...told, qa_levels: { [scene]: 1 } }
    await writeFile(observations, [JSON.stringify(named), ...others].join('\n'))
    const { status, differs } = await recompute(areas, observations)
    assert.equal(status, 1)
    assert.match(differs[0] ?? '', /^observation 1: .*: valid_count is/)
  })

  it('masks by the nodata of the quality band’s own file', async (t) => {
    if (skipWithout(t, rasterioRequirement)) return
    const date = '2024-05-03'
    const plan = { side: SIDE, dates: [date], joined: [], qaNodata: CLOUDY }
    const season = await makeSeason(plan, blocks, folder)
    items.push(...season.items)
    for (const { id, red, nir, qa } of season.scenes) {
      Object.assign(files, { [`${id}.red`]: red, [`${id}.nir`]: nir, [`${id}.qa`]: qa })
    }
    const search = { collections: ['landsat-c2l2-sr'], datetime: date }
    // No flag of snow is set: but for the nodata all would be valid.
    const { areas, observations } = await finished({ search, mask: ['snow'] })
    const { rows }: { rows: { valid_count: number }[] } = JSON.parse(
      await readFile(observations, 'utf8'),
    )
    assert.ok(rows.some((row) => row.valid_count === 0))
    const { status, differs } = await recompute(areas, observations)
    assert.deepEqual([status, differs], [0, []])
  })
})
