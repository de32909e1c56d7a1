// The image: what its Dockerfile copies and runs, done in a clean folder, with the packages that the lock file gives a
// production install. Only the base and the registry are not tried.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { sampleItem, sampleRoot } from '../../lib/sample/sample.ts'
import { copyOf, readDockerfile } from '../harness/dockerfile.ts'
import { root } from '../harness/markdown.ts'
import { startServer } from '../harness/server-process.ts'

const [page, image, ...more] = readDockerfile(`${root}Dockerfile`)
assert.ok(page !== undefined && image !== undefined && more.length === 0)
const { version }: { version: string } = JSON.parse(
  readFileSync(`${root}node_modules/node/package.json`, 'utf8'),
)

interface Locked {
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly optional?: boolean
}

/** Folders of the packages that `npm ci --omit=dev` installs on this machine. */
function productionPackages(): readonly string[] {
  const { packages }: { packages: Record<string, Locked> } = JSON.parse(
    readFileSync(`${root}package-lock.json`, 'utf8'),
  )
  return Object.entries(packages).flatMap(([path, { dev, devOptional, optional }]) => {
    if (path === '' || dev === true || devOptional === true) return []
    // Binaries for other machines.
    return optional === true && !existsSync(join(root, path)) ? [] : [path]
  })
}

/** A folder as the final stage has it. */
async function buildImage(): Promise<string> {
  // Not anew: other tests may be reading it.
  if (!existsSync(`${root}web/dist`)) await import('../../scripts/build-page.ts')
  mkdirSync(`${root}.greenprint`, { recursive: true })
  // On the same disk: packages are linked, not copied.
  const folder = mkdtempSync(`${root}.greenprint/image-`)
  after(() => rmSync(folder, { recursive: true, force: true }))
  for (const instruction of image?.all('COPY') ?? []) {
    const copied = copyOf(instruction)
    if (copied === null) continue
    for (const from of copied.from) {
      const to = copied.to.endsWith('/') ? join(copied.to, from) : copied.to
      cpSync(join(root, from), join(folder, to), { recursive: true })
    }
  }
  cpSync(`${root}web/dist`, join(folder, 'web/dist'), { recursive: true })
  // Those inside of others come with them.
  const outer = productionPackages().filter((path) => path.lastIndexOf('node_modules/') === 0)
  for (const parent of new Set(outer.map((path) => dirname(path)))) {
    mkdirSync(join(folder, parent), { recursive: true })
    const packages = outer
      .filter((path) => dirname(path) === parent)
      .map((path) => join(root, path))
    await promisify(execFile)('cp', ['-al', ...packages, join(folder, parent)])
  }
  return folder
}

describe('the Dockerfile', () => {
  it('is of the Node that all is tested with, by its whole version, and runs as nobody in particular', () => {
    for (const { base } of [page, image]) assert.equal(base, `node:${version}-bookworm-slim`)
    assert.deepEqual(
      image.all('USER').map(({ text }) => text),
      ['node'],
    )
  })

  it('copies what is there, and what .dockerignore lets in', () => {
    const ignored = readFileSync(`${root}.dockerignore`, 'utf8').split('\n')
    const allowed = new Set(
      ignored.flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : [])),
    )
    for (const instruction of [...page.all('COPY'), ...image.all('COPY')]) {
      const copied = copyOf(instruction)
      if (copied === null) continue
      for (const from of copied.from) {
        assert.ok(existsSync(join(root, from)), from)
        assert.ok(allowed.has(from), from)
      }
    }
  })

  it('installs no more than what runs, from the lock file, without scripts of packages', () => {
    const [install] = image.all('RUN')
    assert.match(install?.text ?? '', /^npm ci --omit=dev --ignore-scripts /)
    for (const name of productionPackages()) {
      assert.doesNotMatch(name, /node_modules\/(esbuild|typescript|sst|playwright-core)$/)
    }
  })
})

it('the image serves the page and the sample, is well by its own check, and ends when it is told to', async (t) => {
  const folder = await buildImage()
  const [command] = image.all('CMD')
  const environment = Object.fromEntries(
    image.all('ENV').flatMap(({ text }) => text.split(' ').map((pair) => pair.split('='))),
  )
  assert.deepEqual(command?.words, ['node', 'functions/server.ts'])
  const started = {
    ...environment,
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    IPFS_GATEWAYS: 'http://127.0.0.1:9',
    IPFS_ROUTERS: 'none',
  }
  const asNode = (words: readonly string[]) =>
    words.map((word) => word.replace(/^node$/, process.execPath))
  const server = await startServer(started, { command: asNode(command.words), cwd: folder })
  t.after(() => server.end())
  const [check] = image.all('HEALTHCHECK')
  const [program = '', ...args] = asNode(check?.words ?? [])
  const checkAt = (port: string) => promisify(execFile)(program, args, { env: { PORT: port } })
  await checkAt(new URL(server.base).port)
  await assert.rejects(checkAt('9'))

  const ask = (path: string, init?: RequestInit) => fetch(`${server.base}${path}`, init)
  const health: { status: string; publishing: string } = JSON.parse(
    await (await ask('/health')).text(),
  )
  assert.deepEqual([health.status, health.publishing], ['ok', 'off'])
  const html = await ask('/', { headers: { accept: 'text/html' } })
  assert.match(await html.text(), /<script/)
  const body = JSON.stringify({ item: await sampleItem(), outputs: ['figure', 'cog', 'item'] })
  const headers = { 'content-type': 'application/json' }
  const answer = await ask('/ndvi', { method: 'POST', headers, body })
  const { root: made }: { root?: { cid: string } } = JSON.parse(await answer.text())
  assert.equal(made?.cid, await sampleRoot())
  assert.equal(await server.end(), 0)
})
