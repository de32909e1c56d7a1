// The commands of the documents, run against the local system as a reader would, and their replies compared.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { isJsonObject } from '../../lib/model/json.ts'
import { childEnvironment } from '../harness/child-environment.ts'
import { type CopyHost, startCopyHost } from '../harness/copy-host.ts'
import { documents, root } from '../harness/markdown.ts'
import { skipWithout } from '../harness/requires.ts'
import { sceneFile } from '../harness/scenes.ts'

/** Where the documents say that the local system is. */
const TOLD = 'http://127.0.0.1:8080'
/** Catalogues that the documents name: the local system’s own stands for them. */
const CATALOGUES = ['https://earth-search.aws.element84.com/v1']
/** The server of plain files that the documents name. */
const FILES = 'https://files.example.org'

let folder = ''
let system: ChildProcess
let files: CopyHost
let base = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
  files = await startCopyHost()
  files.put('29RKH/B04.tif', await sceneFile('s2-l2a-29RKH', 'red'))
  files.put('29RKH/B08.tif', await sceneFile('s2-l2a-29RKH', 'nir08'))
  system = spawn(process.execPath, ['functions/local.ts'], {
    cwd: root,
    env: { ...childEnvironment, DATA_DIR: join(folder, 'data'), PORT: '18380' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  base = await addressOf(system)
  await mkdir(join(folder, 'examples'))
  for (const name of await readdir(join(root, 'examples'))) {
    const text = await readFile(join(root, 'examples', name), 'utf8')
    await writeFile(join(folder, 'examples', name), here(text))
  }
})
after(async () => {
  system.kill()
  await files.close()
  await rm(folder, { recursive: true, force: true })
})

async function addressOf(child: ChildProcess): Promise<string> {
  let text = ''
  for await (const part of child.stdout ?? []) {
    text += String(part)
    const address = /Serving\. Try: curl -s '(http:\/\/[^/]+)\/health'/.exec(text)?.[1]
    if (address !== undefined) {
      child.stdout?.resume()
      return address
    }
  }
  throw new Error(`it ended before it served: ${text}`)
}

/** What a block says, said of the system that this test started. */
function here(text: string): string {
  const local = text.replaceAll(TOLD, base).replaceAll(FILES, files.url)
  return CATALOGUES.reduce((rest, catalogue) => rest.replaceAll(catalogue, `${base}/stac`), local)
}

async function run(script: string): Promise<string> {
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', here(script)], { cwd: folder })
  let [output, errors] = ['', '']
  shell.stdout.setEncoding('latin1').on('data', (part: string) => (output += part))
  shell.stderr.setEncoding('utf8').on('data', (part: string) => (errors += part))
  const code = await new Promise((resolve) => shell.on('close', resolve))
  assert.equal(code, 0, `${script}\n${errors}${output.slice(0, 2_000)}`)
  return Buffer.from(output, 'latin1').toString('utf8')
}

/** Whether what is shown is in what was answered: `…` ends a text, and stands for the rest of a list. */
function assertShown(shown: unknown, answered: unknown, where: string): void {
  if (typeof shown === 'string' && shown.endsWith('…')) {
    assert.ok(typeof answered === 'string' && answered.startsWith(shown.slice(0, -1)), where)
  } else if (Array.isArray(shown)) {
    assert.ok(Array.isArray(answered), where)
    const isCut = shown.at(-1) === '…'
    const told = isCut ? shown.slice(0, -1) : shown
    if (!isCut) assert.equal(answered.length, told.length, where)
    for (const [at, each] of told.entries()) assertShown(each, answered[at], `${where}/${at}`)
  } else if (isJsonObject(shown)) {
    assert.ok(isJsonObject(answered), where)
    for (const [name, each] of Object.entries(shown)) {
      assertShown(each, answered[name], `${where}/${name}`)
    }
  } else assert.deepEqual(answered, shown, where)
}

for (const { path, blocks } of documents) {
  const runs = blocks.flatMap((block, at) =>
    block.mark === 'sh run' ? [{ ...block, next: blocks[at + 1] }] : [],
  )
  if (runs.length === 0) continue
  describe(path, () => {
    for (const { line, text, next } of runs) {
      it(`line ${line} does what it says`, async (t) => {
        if (skipWithout(t, { commands: ['curl', 'jq'], packages: 'curl jq' })) return
        const output = await run(text)
        if (next?.mark === 'json reply') {
          assertShown(JSON.parse(here(next.text)), JSON.parse(output), `${path}:${next.line}`)
        }
        if (next?.mark !== 'text reply') return
        for (const each of here(next.text).split('\n')) assert.ok(output.includes(each), output)
      })
    }
  })
}

describe('every reply that is shown', () => {
  it('follows a command that is run', () => {
    for (const { path, blocks } of documents) {
      for (const [at, { mark, line }] of blocks.entries()) {
        if (!mark.endsWith(' reply')) continue
        assert.equal(blocks[at - 1]?.mark, 'sh run', `${path}:${line}`)
      }
    }
  })
})
