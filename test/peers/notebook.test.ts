// examples/ndvi.ipynb from its first cell to its last, as somebody runs it beside `npm start`.

import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { peersPython, skipWithoutPython } from '../harness/peers.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const notebook = join(root, 'examples/ndvi.ipynb')

/** What a cell showed. */
interface Shown {
  readonly types: readonly string[]
  readonly text: string
  readonly html: string
}

it('the notebook runs, and shows what it says', async (t) => {
  if (skipWithoutPython(t)) return
  const folder = await mkdtemp(join(tmpdir(), 'greenprint-notebook-'))
  const system = spawn(process.execPath, ['functions/local.ts'], {
    cwd: root,
    env: { PATH: process.env['PATH'], DATA_DIR: join(folder, 'data'), PORT: '18090' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const url = await addressOf(system.stdout)
    const script = join(root, 'test/peers/run_notebook.py')
    const { stdout } = await promisify(execFile)(peersPython(), ['-B', script, notebook], {
      env: { ...process.env, GREENPRINT: url, IPYTHONDIR: folder, JUPYTER_RUNTIME_DIR: folder },
      maxBuffer: 64 * 1024 * 1024,
    })
    const cells: Readonly<Record<string, Shown>> = JSON.parse(stdout)
    assert.match(cells['search']?.text ?? '', /LC09_L2SP_231062_20230723.*2023-07-23.*'nir08'/s)
    assert.match(cells['ndvi']?.html ?? '', /red.*cid.*Qm.*nir/s)
    assert.ok(cells['figure']?.types.includes('image/png'))
    assert.match(cells['cog']?.text ?? '', /EPSG:32620.*\(223, 224\)/s)
    assert.match(cells['map']?.html ?? '', /tiles\/\{z\}\/\{x\}\/\{y\}\.png\?root=bafy/)
    assert.match(cells['point']?.text ?? '', /^\(-0\.1061\d+,\s+\['baf/)
    assert.match(cells['series']?.html ?? '', /2023-07-23.*island.*town/s)
    assert.match(
      cells['again']?.text ?? '',
      /^\(\['2023-07-23'\],\s+\{'ndvi': 'baf\w+',\s+'composite': 'baf\w+'\}\)/,
    )
  } finally {
    const over = once(system, 'close')
    system.kill()
    await over
    await rm(folder, { recursive: true, force: true })
  }
})

it('the notebook is committed as somebody opens it first: nothing was run', async () => {
  const { cells }: { cells: readonly Readonly<Record<string, unknown>>[] } = JSON.parse(
    await readFile(notebook, 'utf8'),
  )
  assert.equal(cells.length, 10)
  for (const cell of cells) {
    if (cell['cell_type'] !== 'code') continue
    assert.deepEqual([cell['execution_count'], cell['outputs']], [null, []])
  }
})

/** Printed once it serves. */
async function addressOf(output: NodeJS.ReadableStream | null): Promise<string> {
  if (output === null) throw new TypeError('no output')
  let url: string | undefined
  for await (const line of createInterface(output)) {
    url ??= /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
    // The last line: the sample is computed by then.
    if (url !== undefined && /stop|ctrl/i.test(line)) break
  }
  output.resume()
  if (url === undefined) throw new Error('npm start told no address')
  return url
}
