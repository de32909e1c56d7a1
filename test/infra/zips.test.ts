// The zips themselves: how large they are, for which machine, and how much of them a cold start reads.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'node:test'
import { pathToFileURL } from 'node:url'
import { unzipSync } from 'fflate'
import { bundleInto } from '../../infra/bundle.ts'
import { Threads } from '../../lib/async/threads.ts'
import { type FunctionName, functionNames } from '../../lib/config/variable.ts'
import { itProves } from './deployed.ts'
import { zipOf } from './proof.ts'
import { root } from './sst-cli.ts'
import { runnable, startDeployed, unpack } from './unpacked.ts'

const MB = 1_000_000
const mostBytes: Record<FunctionName, number> = {
  Api: 16 * MB,
  Worker: 16 * MB,
  Notify: 12 * MB,
  Schedule: 12 * MB,
}

const unzipped = new Map<string, ReturnType<typeof unzipSync>>()

function filesOf(variant: 'plain' | 'full', name: FunctionName): ReturnType<typeof unzipSync> {
  const zip = zipOf(variant, name)
  const files = unzipped.get(zip) ?? unzipSync(readFileSync(zip))
  unzipped.set(zip, files)
  return files
}

/** What is bundled, by its file. */
const codeOf = (name: FunctionName) =>
  Object.entries(filesOf('plain', name)).filter(([path]) => /^[^/]+\.mjs$/.test(path))

/** The files of the API that are read with this part, by what they import of each other. */
function readWith(part: string): { readonly files: readonly string[]; readonly bytes: number } {
  const code = new Map(codeOf('Api'))
  const text = (path: string) => Buffer.from(code.get(path) ?? []).toString()
  const files = new Set<string>()
  const visit = (path: string) => {
    if (files.has(path)) return
    files.add(path)
    // Many on a line; a call of import() is none.
    const imported = /(?:^|;)(?:import|export)(?!\()[^;"(]*"\.\/([^"]+)"/gm
    for (const [, next = ''] of text(path).matchAll(imported)) visit(next)
  }
  const [first, ...others] = [...code.keys()].filter((path) => path.startsWith(part))
  assert.ok(first !== undefined && others.length === 0, `${part}: ${others.join(' ')}`)
  visit(first)
  return { files: [...files], bytes: [...files].reduce((sum, path) => sum + text(path).length, 0) }
}

describe('the zip', () => {
  for (const name of functionNames) {
    itProves(`of ${name} has at most ${mostBytes[name] / MB} MB`, () => {
      const { size } = statSync(zipOf('plain', name))
      assert.ok(size <= mostBytes[name], `${(size / MB).toFixed(2)} MB`)
    })
  }

  itProves(
    'brings sharp for the machine that it is made for, and only where pictures are drawn',
    () => {
      const machines = (name: FunctionName, variant: 'plain' | 'full') =>
        Object.keys(filesOf(variant, name)).flatMap(
          (path) => /@img\/sharp-linux-(\w+)\/.*\.node$/.exec(path)?.slice(1) ?? [],
        )
      assert.deepEqual(machines('Api', 'plain'), ['arm64'])
      assert.deepEqual(machines('Worker', 'plain'), ['arm64'])
      assert.deepEqual(machines('Notify', 'plain'), [])
      assert.deepEqual(machines('Api', runnable), [process.arch])
      const scripts = Object.keys(filesOf('plain', 'Api')).filter((path) =>
        /^node_modules\/(?!@img\/sharp-).*\.[cm]?js$/.test(path),
      )
      assert.deepEqual(scripts, [], 'its code is bundled')
    },
  )

  itProves(
    'of the API has at most 100 kB of code, in four files, that a cold /health reads',
    () => {
      const { files, bytes } = readWith('bundle')
      assert.ok(files.length > 1, 'the bundle is split')
      assert.ok(bytes <= 100_000 && files.length <= 4, `${bytes} bytes in ${files.join(', ')}`)
    },
  )

  // Without what is read by import(): the client of the bucket, sharp, proj4.
  for (const [route, mostFiles, mostKilobytes] of [
    ['ndvi', 36, 1100],
    ['tiles', 38, 1150],
    ['receipts', 16, 350],
    ['serve-page', 8, 100],
  ] as const) {
    itProves(`of the API has in few files what a first request reads: ${route}`, () => {
      const { files, bytes } = readWith(route)
      assert.ok(files.length <= mostFiles, `${files.length} files`)
      assert.ok(bytes <= mostKilobytes * 1000, `${bytes} bytes`)
    })
  }

  itProves('of the API has of libraries what is used, and not all of them', () => {
    const code = codeOf('Api')
    const unused = [
      ['zod', 'Ongeldige'],
      ['geotiff', 'createObjectURL'],
      ['the S3 client', 'AnalyticsAndOperator'],
      ['stac-migrate', 'dtr:'],
      ['sharp', 'node-gyp rebuild'],
      ['detect-libc', '/usr/bin/ldd'],
      ['@img/colour', 'Unable to parse color'],
    ] as const
    for (const [library, told] of unused) {
      const holding = code.filter(([, bytes]) => Buffer.from(bytes).includes(told))
      assert.deepEqual(
        holding.map(([path]) => path),
        [],
        library,
      )
    }
  })

  itProves('of the worker has the code that the benches make of it', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'bundle-'))
    t.after(() => rmSync(folder, { recursive: true }))
    await bundleInto(folder, `${root}functions/worker.ts`)
    const scripts = readdirSync(folder).filter((name) => name.endsWith('.mjs'))
    const made = scripts.map((name) => statSync(join(folder, name)).size)
    const deployed = codeOf('Worker').map(([, { length }]) => length)
    // Names have a digest of the file's map too, which tells the way to the sources from where it was made.
    const bySize = (one: number, other: number) => one - other
    assert.deepEqual(made.toSorted(bySize), deployed.toSorted(bySize))
  })

  itProves('of the API has a stack told by places in the sources', () => {
    const told = 'A request body may have at most'
    const [file, bytes] = codeOf('Api').find(([, each]) => Buffer.from(each).includes(told)) ?? []
    const before = Buffer.from(bytes ?? [])
      .toString()
      .split(told, 1)
      .join('')
      .split('\n')
    const place = `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
    const input = JSON.stringify({
      stack: `Error: x\n    at a (file:///var/task/${file}:${place})`,
    })
    const script = `${root}scripts/read-stack.ts`
    const output = execFileSync(process.execPath, [script, 'api'], { cwd: root, input })
    assert.match(output.toString(), /\n {4}at a \(lib\/http\/[\w-]+\.ts:\d+:\d+\)/)
  })

  for (const name of functionNames) {
    itProves(`of ${name} has no map of its code`, () => {
      const paths = Object.keys(filesOf('plain', name))
      assert.deepEqual(
        paths.filter((path) => path.endsWith('.map')),
        [],
      )
    })

    itProves(`of ${name} imports no module of Node whole: that reads all that it exports`, () => {
      const found = codeOf(name).flatMap(([path, bytes]) => {
        const imports = Buffer.from(bytes)
          .toString()
          .matchAll(/(?:from|import) *"([\w:/]+)"/g)
        return Array.from(imports, ([, module = '']) => [path, module])
      })
      assert.deepEqual(
        found.filter(([, module]) => isBuiltin(module ?? '')),
        [],
      )
    })
  }
})

describe('a function with a faulty environment', () => {
  itProves('fails at its start, and names every fault', async () => {
    const environment = { W3UP_URL: 'https://up.example.org', MAX_PIXELS: 'many' }
    const lambda = await startDeployed('Api', { environment })
    const { error } = await lambda.invoke({}).finally(lambda.stop)
    assert.match(error?.errorMessage ?? '', /W3UP_DID/)
    assert.match(error?.errorMessage ?? '', /MAX_PIXELS must be a whole number/)
  })

  itProves('that takes too long is killed', async () => {
    const lambda = await startDeployed('Api', { environment: {}, timeoutMs: 1 })
    const { error } = await lambda.invoke({}).finally(lambda.stop)
    assert.equal(error?.errorType, 'Sandbox.Timedout')
  })
})

describe('the thread that computes pixels', () => {
  for (const name of ['Api', 'Worker'] as const) {
    itProves(`starts from the zip of ${name}`, async () => {
      const folder = unpack(runnable, name)
      const [file, ...more] = readdirSync(folder).filter((path) =>
        /^pixel-thread-.*\.mjs$/.test(path),
      )
      assert.ok(file !== undefined && more.length === 0)
      const load = (): Promise<{ address: string }> =>
        import(pathToFileURL(join(folder, file)).href)
      const threads = new Threads({ load, most: 1 })
      await threads.start()
      assert.equal(threads.count, 1)
      await threads.end()
    })
  }
})
