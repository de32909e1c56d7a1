// The image: what its Dockerfile copies and runs, done stage by stage in clean folders, with the packages that the lock
// file gives a production install, and started as the user that it names. Only the base and the registry are not tried.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { sampleItem, sampleRoot } from '../../lib/sample/sample.ts'
import { type Copied, copyOf, readDockerfile, type Stage } from '../harness/dockerfile.ts'
import { root } from '../harness/markdown.ts'
import { startServer } from '../harness/server-process.ts'

const execute = promisify(execFile)
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

/** What Debian's image of Node calls `node`, by number. */
const NODE_USER = 1000
/** Who may become another user is root. */
const user = process.getuid?.() === 0 ? NODE_USER : undefined

/** What the RUN lines do, in the folder of their stage; a line that is not here fails. */
const runs: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  'npm ci --ignore-scripts --no-audit --no-fund': async (folder) =>
    symlinkSync(`${root}node_modules`, join(folder, 'node_modules')),
  'node scripts/build-page.ts': async (folder) => {
    await execute(process.execPath, ['scripts/build-page.ts'], { cwd: folder })
  },
  'npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force':
    linkProduction,
  'mkdir /data && chown node:node /data': async (folder) => {
    mkdirSync(join(folder, DATA))
    if (user !== undefined) chownSync(join(folder, DATA), user, user)
  },
}
/** In place of `/data`. */
const DATA = 'data'

/** Packages are linked, not copied; those inside of others come with them. */
async function linkProduction(folder: string): Promise<void> {
  const outer = productionPackages().filter((path) => path.lastIndexOf('node_modules/') === 0)
  for (const parent of new Set(outer.map((path) => dirname(path)))) {
    mkdirSync(join(folder, parent), { recursive: true })
    const packages = outer
      .filter((path) => dirname(path) === parent)
      .map((path) => join(root, path))
    await execute('cp', ['-al', ...packages, join(folder, parent)])
  }
}

/** The folder `/app` as a stage leaves it. @param earlier folders of the stages before it, by name */
async function buildStage(
  { instructions }: Stage,
  earlier: Readonly<Record<string, string>>,
): Promise<string> {
  mkdirSync(`${root}.greenprint`, { recursive: true })
  // On the disk of the packages.
  const folder = mkdtempSync(`${root}.greenprint/image-`)
  after(() => rmSync(folder, { recursive: true, force: true }))
  for (const instruction of instructions) {
    if (instruction.name === 'COPY') copyInto(folder, copyOf(instruction), earlier)
    if (instruction.name !== 'RUN') continue
    const run = runs[instruction.text]
    assert.ok(run !== undefined, `RUN ${instruction.text}`)
    await run(folder)
  }
  // Others than who made it look into it.
  chmodSync(folder, 0o755)
  return folder
}

function copyInto(
  folder: string,
  { stage, from, to }: Copied,
  earlier: Readonly<Record<string, string>>,
): void {
  for (const path of from) {
    const source = stage === null ? join(root, path) : path.replace(/^\/app/, earlier[stage] ?? '')
    // Of a folder what is in it, of a file the file.
    const isFolder = statSync(source).isDirectory()
    const target = to.endsWith('/') && !isFolder ? join(to, basename(path)) : to
    // What the context may have made already, .dockerignore keeps out.
    const filter = (each: string) => stage !== null || each !== `${root}web/dist`
    cpSync(source, join(folder, target), { recursive: true, filter })
  }
}

/** Files and their times, but for the packages and the folder that may be written. */
function listOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !/^(?:node_modules|data)(?:\/|$)/.test(path))
    .map((path) => `${path} ${statSync(join(folder, path)).mtimeMs}`)
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
      for (const from of copied.stage === null ? copied.from : []) {
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
  const folder = await buildStage(image, { page: await buildStage(page, {}) })
  const [command] = image.all('CMD')
  const environment = Object.fromEntries(
    image.all('ENV').flatMap(({ text }) => text.split(' ').map((pair) => pair.split('='))),
  )
  const flags = ['--max-semi-space-size=8', '--heap-growing-percent=100']
  assert.deepEqual(command?.words, ['node', ...flags, 'functions/server.ts'])
  const started = {
    ...environment,
    PORT: '0',
    DATA_DIR: join(folder, DATA),
    // Nowhere else may be written, as in a container with --read-only.
    HOME: '/nowhere',
    TMPDIR: '/nowhere',
    IPFS_GATEWAYS: 'http://127.0.0.1:9',
    IPFS_ROUTERS: 'none',
  }
  const asNode = (words: readonly string[]) =>
    words.map((word) => word.replace(/^node$/, process.execPath))
  const before = listOf(folder)
  const how = { command: asNode(command.words), cwd: folder }
  const server = await startServer(started, user === undefined ? how : { ...how, user })
  t.after(() => server.end())
  const [check] = image.all('HEALTHCHECK')
  const [program = '', ...args] = asNode(check?.words ?? [])
  const checkAt = (port: string) => execute(program, args, { env: { PORT: port } })
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
  assert.deepEqual(listOf(folder), before)
})
