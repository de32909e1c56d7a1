// A series as Python reads it: pandas opens the CSV, and odc-stac finds the same numbers in the same files.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { SeriesReply } from '../../lib/http/series-reply.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { startWorker } from '../harness/job-worker.ts'
import { peersPython, skipWithoutPython } from '../harness/peers.ts'
import { datesOfYear, makeSeason, seasonZones } from '../harness/season.ts'
import { serveStac } from '../harness/stac-server.ts'
import { json, startSystem } from '../harness/system.ts'

/** Of which a spreadsheet, or a reader that guesses, makes something else. */
const names = ['=1+1', '-5', '@home', '\t+2', '007', 'NA']

describe('a series', () => {
  it('is a table of pandas, with names, dates and numbers as they are in JSON', async (t) => {
    if (skipWithoutPython(t)) return
    const folder = await mkdtemp(join(tmpdir(), 'series-'))
    after(() => rm(folder, { recursive: true, force: true }))
    const blocks = new MemoryBlocks()
    const gateway = await startGateway(blocks)
    const plan = { side: 60, dates: datesOfYear(2023).slice(0, 8), joined: [] }
    const { items } = await makeSeason(plan, blocks, folder)
    const api = await serveStac(() => items)
    const system = await startSystem({ IPFS_GATEWAYS: gateway.url, STAC_API_URL: api })
    const worker = startWorker(system.services)
    const search = { collections: ['landsat-c2l2-sr'] }
    const zones = await seasonZones(60, names.length)
    const features = zones.map((zone, at) => ({ ...zone, id: names[at] }))
    const asked = await fetch(`${system.base}/series`, {
      method: 'POST',
      body: JSON.stringify({ search, features }),
      headers: { 'content-type': 'application/json' },
    })
    const { id } = await json<SeriesReply>(asked)
    let reply: SeriesReply
    do reply = await json<SeriesReply>(await fetch(`${system.base}/series/${id}`))
    while (reply.status === 'running')
    const csv = await (await fetch(`${system.base}/series/${id}?f=csv`)).text()
    await writeFile(join(folder, 'series.csv'), csv)
    await writeFile(join(folder, 'series.json'), JSON.stringify(reply))
    const script = fileURLToPath(new URL('series_csv.py', import.meta.url))
    const { stdout } = await promisify(execFile)(peersPython(), [script, folder])
    assert.deepEqual(JSON.parse(stdout), { rows: reply.rows.length, differing: 0, months: 2 })
    await worker.stop()
    await system.close()
    await gateway.close()
  })
})
