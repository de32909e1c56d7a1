// Every kind of published file has the CID that it had, in any zone and language. The policy: docs/verify.md.
// Where one differs on purpose: the reason here, the CHANGELOG's first line, and `node test/harness/golden-results.ts >
// test/fixtures/golden-roots.json`.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sampleRoot } from '../../lib/sample/sample.ts'
import { type GoldenResult, goldenResults } from '../harness/golden-results.ts'

/** Why each kind of file may come out otherwise one day; for nothing else. */
const reasons: Readonly<Record<string, string>> = {
  'ndvi.tif':
    'another rule of numbers.md (N5 to N20), another layout or metadata (N28, N38), or another zlib in Node',
  'change.tif': 'the same rules, or those of N46',
  'composite.tif': 'the same rules, or those of N47',
  'dates.tif': 'another rule of N48, another layout, or another zlib in Node',
  'layer.png': 'the same rules, other colours (N25, N27), or another zlib in Node',
  'figure.png': 'the same rules, another page (N26), its words, or another release of sharp',
  'item.json':
    'any of these, another field (N29 to N40), or another version of this software, which it names',
  'zones.json':
    'the same rules, what the numbers of a zone are (docs/series.md), or the version, which it names',
  'observations.jsonl': 'it holds zones.json of each observation',
  'areas.json': 'how an area is reduced: zones are kept as they were read',
  'series.json': 'the numbers of zones, another field, or the version, which it names',
  'series.csv': 'the numbers of zones, which it tells with their roots, or another column',
  'chart.png': 'the numbers of zones, another page of the chart, or another release of sharp',
  'request.json': 'another field of the request or of what decides a result (N32)',
}

const script = fileURLToPath(new URL('../harness/golden-results.ts', import.meta.url))
const golden: Readonly<Record<string, GoldenResult>> = JSON.parse(
  await readFile(new URL('../fixtures/golden-roots.json', import.meta.url), 'utf8'),
)

describe('golden roots', () => {
  it('are those of this process', async () => {
    const made = await goldenResults()
    assert.deepEqual(Object.keys(made), Object.keys(golden))
    for (const [name, { root, files }] of Object.entries(golden)) {
      for (const [file, cid] of Object.entries(files)) {
        const told = `${file} of "${name}" is another; it may be for: ${reasons[file]}`
        assert.equal(made[name]?.files[file], cid, told)
      }
      assert.equal(made[name]?.root, root, name)
    }
  })

  it('are those of a machine elsewhere, in another language, with one thread', async () => {
    const env = { ...process.env, TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' }
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      env: { ...env, UV_THREADPOOL_SIZE: '1' },
      maxBuffer: 2 ** 24,
    })
    assert.deepEqual(JSON.parse(stdout), golden)
  })

  it('have a reason each, and the sample’s is the one that is told everywhere', async () => {
    const files = new Set(Object.values(golden).flatMap((each) => Object.keys(each.files)))
    assert.deepEqual([...files].toSorted(), Object.keys(reasons).toSorted())
    assert.equal(golden['the sample']?.root, await sampleRoot())
  })
})
