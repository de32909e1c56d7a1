// `npm start`: the sample from nothing to its CID, in processes of their own, again and again the same.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { JobReply } from '../../lib/http/jobs.ts'
import type { NdviReply } from '../../lib/http/reply.ts'
import { listen } from '../../lib/local/api-gateway.ts'
import { childEnvironment } from '../harness/child-environment.ts'
import { json } from '../harness/system.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const { root: known } = JSON.parse(
  await readFile(join(root, 'lib/sample/scene/result.json'), 'utf8'),
)
const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
after(() => rm(folder, { recursive: true, force: true }))

function start(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, ['functions/local.ts', ...args], {
    cwd: root,
    env: { ...childEnvironment, DATA_DIR: folder, PORT: '18080', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function runOnce(
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; text: string }> {
  const child = start(['--once'], env)
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (part) => (text += String(part)))
  const code = await new Promise<number>((resolve) =>
    child.on('close', (status) => resolve(status ?? -1)),
  )
  return { code, text }
}

describe('npm start -- --once', () => {
  it('prints each step, the numbers and the known CID, and ends with 0', async () => {
    const { code, text } = await runOnce({})
    assert.equal(code, 0, text)
    for (const line of [
      /1\/5 {2}read the STAC item/,
      /2\/5 {2}open both bands by CID, every block hashed/,
      /3\/5 {2}compute NDVI 100 %/,
      /red {6}Qm\w+: \d+ bytes in 4 blocks verified .*4 from http:\/\/127\.0\.0\.1:\d+/,
      /mean 0\.2789, stddev 0\.5101, median 0\.3426/,
      /398266 of 398268 valid/,
      /local: held, read back and hashed/,
    ]) {
      assert.match(text, line)
    }
    assert.ok(text.includes(`ipfs://${known}/figure.png`), text)
    assert.match(text, new RegExp(`http://127.0.0.1:\\d+/ipfs/${known}/figure.png`))
  })

  const places = [
    { TZ: 'Pacific/Auckland', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' },
    { TZ: 'America/St_Johns', LC_ALL: 'C' },
  ]
  for (const place of places) {
    it(`gives the same CID in another process under TZ=${place.TZ}, LC_ALL=${place.LC_ALL}`, async () => {
      const { code, text } = await runOnce({ ...place, DATA_DIR: join(folder, place.LC_ALL) })
      assert.equal(code, 0, text)
      assert.ok(text.includes(`ipfs://${known}/figure.png`), text)
    })
  }

  it('ends with 1 and says why when the environment is wrong', async () => {
    const { code, text } = await runOnce({ IPFS_GATEWAYS: 'nonsense' })
    assert.equal(code, 1)
    assert.match(text, /The main job failed: The environment has 1 fault\(s\): IPFS_GATEWAYS/)
  })
})

describe('npm start', () => {
  it('takes the next free port, serves the figure it computed, and what it is asked next', async () => {
    const occupant = createServer()
    const taken = await listen(occupant, 18_280)
    const child = start([], { PORT: String(taken) })
    try {
      const base = await served(child)
      assert.notEqual(base, `http://127.0.0.1:${taken}`)
      const figure = await fetch(`${base}/ipfs/${known}/figure.png`)
      assert.equal(figure.status, 200)
      assert.equal(figure.headers.get('content-type'), 'image/png')
      const bytes = await figure.bytes()
      const part = await fetch(figure.url, { headers: { range: 'bytes=5-' } })
      assert.deepEqual(await part.bytes(), bytes.slice(5))
      const found = await fetch(`${base}/ndvi?search={"collections":["landsat-c2l2-sr"]}&pin=true`)
      const reply = await json<NdviReply>(found)
      assert.equal(reply.root.cid, known)
      assert.equal(reply.root.href, `${base}/ipfs/${known}`)
      assert.equal((await runJob(base)).root.href.split('/ipfs/')[0], base)
    } finally {
      child.kill()
      occupant.close()
    }
  })
})

/** Asks for another figure as a job, and looks until it is done. */
async function runJob(base: string): Promise<NdviReply> {
  const query = 'search={"collections":["landsat-c2l2-sr"]}&colormap_name=viridis'
  const headers = { prefer: 'respond-async' }
  const accepted = await fetch(`${base}/ndvi?${query}`, { headers })
  assert.equal(accepted.status, 202)
  const address = `${base}${accepted.headers.get('location')}`
  for (let looks = 0; looks < 300; looks++) {
    const job = await json<JobReply>(await fetch(address))
    assert.notEqual(job.status, 'failed', JSON.stringify(job.error))
    if (job.result !== undefined) return job.result
    await sleep(100)
  }
  throw new Error('the job was not done in time')
}

/** The address that a child prints once it serves. */
async function served(child: ChildProcess): Promise<string> {
  let text = ''
  for await (const part of child.stdout ?? []) {
    text += String(part)
    const match = /Serving\. Try: curl -s '(http:\/\/[^/]+)\/health'/.exec(text)
    if (match?.[1] !== undefined) return match[1]
  }
  throw new Error(`it ended before it served: ${text}`)
}
