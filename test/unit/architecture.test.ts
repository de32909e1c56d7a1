// The house rules: floors, doors, circles, names and sizes, read from the imports themselves.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { withBlock } from '../../scripts/derived.ts'
import { floors, houseMap, rooms, shortMap } from '../../scripts/house.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

interface Source {
  readonly path: string
  readonly text: string
  /** Paths of our own files that it imports, from the root. */
  readonly ours: readonly string[]
  /** Packages that it imports. */
  readonly packages: readonly string[]
}

const sources = ['functions', 'lib'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => readSource(join(folder, name))),
)
const byPath = new Map(sources.map((source) => [source.path, source]))

function readSource(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8')
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  const names = [
    ...code.matchAll(/(?:\bfrom|\bimport(?:\.meta\.resolve)?)\s*\(?\s*'([^'\n]+)'/g),
  ].map((match) => match[1] ?? '')
  const resolve = (name: string) => relative(root, join(root, dirname(path), name))
  return {
    path,
    text,
    ours: names.filter((name) => name.startsWith('.')).map(resolve),
    packages: names.filter((name) => !/^[.]|^node:/.test(name)).map(packageOf),
  }
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

function roomOf(path: string): { floor: number; room: string } {
  for (const [floor, rooms] of floors.entries()) {
    const room = Object.keys(rooms).find((name) => path === name || path.startsWith(`${name}/`))
    if (room !== undefined) return { floor, room }
  }
  throw new Error(`${path} is in no room of the house: see scripts/house.ts`)
}

describe('the house', () => {
  it('has every file in a room, none loose in lib but the landmarks, and no room without files', () => {
    const lived = new Set(sources.map(({ path }) => roomOf(path).room))
    assert.deepEqual(
      rooms.filter((room) => !lived.has(room)),
      [],
    )
  })

  it('is on the map of README and docs/architecture.md (npm run docs writes it)', () => {
    for (const [name, map] of [
      ['README.md', shortMap()],
      ['docs/architecture.md', houseMap()],
    ] as const) {
      const text = readFileSync(join(root, name), 'utf8')
      assert.equal(text, withBlock(text, 'house', map), name)
    }
  })

  it('is built strictly downward, and rooms on one floor do not know each other', () => {
    const climbs = sources.flatMap(({ path, ours }) =>
      ours
        .filter((target) => target !== 'package.json')
        .filter((target) => {
          const [from, to] = [roomOf(path), roomOf(target)]
          return to.floor < from.floor || (to.floor === from.floor && to.room !== from.room)
        })
        .map((target) => `${path} -> ${target}`),
    )
    assert.deepEqual(climbs, [])
  })

  it('has no circle of imports', () => {
    const done = new Set<string>()
    const visit = (path: string, trail: readonly string[]): void => {
      assert.ok(!trail.includes(path), `circle: ${[...trail, path].join(' -> ')}`)
      if (done.has(path)) return
      for (const target of byPath.get(path)?.ours ?? []) visit(target, [...trail, path])
      done.add(path)
    }
    for (const { path } of sources) visit(path, [])
  })

  it('imports only files that are there', () => {
    const missing = sources.flatMap(({ path, ours }) =>
      ours
        .filter((target) => target !== 'package.json' && !byPath.has(target))
        .map((target) => `${path} -> ${target}`),
    )
    assert.deepEqual(missing, [])
  })
})

/** Which file opens each package to the rest of the house. Types come by the same door. */
const doors: Readonly<Record<string, readonly string[]>> = {
  '@aws-sdk/client-s3': ['lib/store/s3/s3-sdk.ts'],
  '@aws-sdk/client-scheduler': ['lib/publish/check-scheduler.ts'],
  '@aws-sdk/client-secrets-manager': ['lib/aws/secrets-manager.ts'],
  '@aws-sdk/client-sns': ['lib/jobs/sns-topic.ts'],
  '@aws-sdk/client-sqs': ['lib/jobs/sqs-queue.ts'],
  '@aws-sdk/client-ssm': ['lib/aws/parameter-store.ts'],
  '@aws-sdk/s3-request-presigner': ['lib/store/s3/s3-presign.ts'],
  '@ipld/car': ['lib/ipld/car.ts'],
  '@ipld/dag-cbor': ['lib/ipld/dag-cbor.ts'],
  '@ipld/dag-pb': ['lib/ipld/unixfs.ts'],
  '@ipld/dag-ucan': ['lib/publish/w3up/w3up-client.ts'],
  '@multiformats/murmur3': ['lib/ipld/hamt.ts'],
  '@noble/hashes': ['lib/ipld/hashes.ts'],
  '@ucanto/client': ['lib/publish/w3up/w3up-client.ts'],
  '@ucanto/transport': ['lib/publish/w3up/w3up-client.ts'],
  '@web3-storage/w3up-client': ['lib/publish/w3up/w3up-client.ts'],
  // Types alone: the shape of events on both sides of a handler.
  'aws-lambda': [
    'lib/http/lambda.ts',
    'lib/local/api-gateway.ts',
    'lib/local/gateway-event.ts',
    'lib/local/queue.ts',
    'lib/local/send-reply.ts',
  ],
  'clipper2-ts': ['lib/geo/polygon-set.ts'],
  canonicalize: ['lib/ipld/canonical-json.ts'],
  geotiff: ['lib/cog/geotiff.ts'],
  // The framework of the routes: negotiation, the app and its longest route, its adapter to Lambda, the middleware.
  hono: [
    'lib/http/accept.ts',
    'lib/http/answer-joint.ts',
    'lib/http/app.ts',
    'lib/http/body-limit.ts',
    'lib/http/caller.ts',
    'lib/http/change.ts',
    'lib/http/composite.ts',
    'lib/http/content/answer.ts',
    'lib/http/cross-origin.ts',
    'lib/http/deep-health.ts',
    'lib/http/fingerprint.ts',
    'lib/http/jobs.ts',
    'lib/http/lambda.ts',
    'lib/http/ndvi.ts',
    'lib/http/no-route.ts',
    'lib/http/now-or-later.ts',
    'lib/http/observe.ts',
    'lib/http/page/serve-page.ts',
    'lib/http/point.ts',
    'lib/http/results.ts',
    'lib/http/scenes.ts',
    'lib/http/series.ts',
    'lib/http/single-parameters.ts',
    'lib/http/stac/answer.ts',
    'lib/http/tiles.ts',
    'lib/http/verify.ts',
  ],
  'ipfs-unixfs': ['lib/ipld/unixfs.ts'],
  'ipfs-unixfs-importer': ['lib/ipld/importer.ts'],
  // CIDs, and the numbers in a leaf.
  multiformats: [
    'lib/ipld/cid.ts',
    'lib/ipld/ipns-record.ts',
    'lib/ipld/leaf-encoding.ts',
    'lib/ipld/multibase.ts',
  ],
  // By its files: the package exports a layer of workers that is not used.
  'proj-wasm': ['lib/geo/proj-module.ts'],
  proj4: ['lib/geo/proj4.ts'],
  sharp: ['lib/figure/png.ts', 'lib/figure/webp.ts'],
  'stac-js': ['lib/stac/objects.ts'],
  undici: ['lib/net/sockets.ts'],
  zod: ['lib/request/zod.ts'],
}

describe('each third-party package', () => {
  it('has its one door', () => {
    const used = new Map<string, string[]>()
    for (const { path, packages } of sources) {
      for (const name of new Set(packages))
        used.set(name, [...(used.get(name) ?? []), path].toSorted())
    }
    assert.deepEqual(Object.fromEntries(used), doors)
  })

  it('among the dependencies is used', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    assert.deepEqual(
      Object.keys(dependencies).filter((name) => !(name in doors)),
      [],
    )
  })
})

/** Development packages that no file of ours names, and why they are there. */
const unnamed: Readonly<Record<string, string>> = {
  '@biomejs/biome': 'npm run format',
  '@storacha/one-webcrypto': 'the test context of upload-api imports it without depending on it',
  '@web-std/blob': 'likewise',
  '@web3-storage/sigv4': 'likewise',
  'oxlint-tsgolint': 'oxlint --type-aware runs it',
}

describe('each development package', () => {
  it('is named by a file of ours, or its reason stands here', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const others = everyFile.filter(({ path }) => path !== 'test/unit/architecture.test.ts')
    const silent = Object.keys(devDependencies)
      .filter((name) => !name.startsWith('@types/'))
      .filter((name) => !others.some(({ text }) => text.includes(name)))
    assert.deepEqual(silent.toSorted(), Object.keys(unnamed).toSorted())
  })
})

/** What may be touched in named places only, so that everything else can be tested without it. */
const places: readonly (readonly [what: string, pattern: RegExp, places: readonly string[]])[] = [
  [
    'the environment',
    /\bprocess\.env\b/,
    [
      'functions/api.ts',
      'functions/local.ts',
      'functions/notify.ts',
      'functions/schedule.ts',
      'functions/server.ts',
      'functions/worker.ts',
    ],
  ],
  ['the console', /\bconsole\./, []],
  ['its streams', /\bprocess\.std(out|err)\b/, ['functions/local.ts', 'lib/log.ts']],
  ['fetch', /(?<![.#\w]|async )fetch\(/, []],
  [
    'the classes of Fetch, or what of hono makes them',
    /\bnew (?:Request|Response|Headers)\b|\bResponse\.json\(|\bc\.(?:json|text|html|body|header|redirect)\(/,
    [
      'lib/http/light/body.ts',
      'lib/local/api-gateway.ts',
      'lib/local/routes.ts',
      'lib/publish/w3up/w3up-client.ts',
    ],
  ],
  ['the clock', /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/, ['lib/async/clock.ts']],
  ['chance', /\bMath\.random\(|\brandomBytes\(/, []],
  ['the mint of unchecked bytes', /as TransportBytes\b/, ['lib/copies/transport-file.ts']],
  ['the mint of verified bytes', /as VerifiedBytes\b/, ['lib/ipld/verify.ts']],
  ['the locale', /\bIntl\.|\.toLocale\w+\(|\.localeCompare\(/, []],
]

describe('only named places touch', () => {
  for (const [what, pattern, allowed] of places) {
    it(what, () => {
      const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      const found = sources.filter(({ text }) => pattern.test(code(text))).map(({ path }) => path)
      assert.deepEqual(found.toSorted(), [...allowed].toSorted())
    })
  }
})

/** Code that people read, whatever it is for. */
const everyFile = globSync('{functions,lib,infra,scripts,test,bench,web}/**/*.{ts,mjs,cjs,py}', {
  cwd: root,
  exclude: ['**/node_modules'],
}).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

describe('each exported name', () => {
  const values = String.raw`const|let|function\*?|class|enum`
  const exported = (kinds: string) => {
    const declared = new RegExp(`^export (?:abstract |async )*(?:${kinds}) (\\w+)`, 'gm')
    return sources.flatMap(({ path, text }) =>
      [...text.matchAll(declared)]
        .map(([, name = '']) => ({ path, name }))
        // What Lambda calls has the same name everywhere.
        .filter(({ name }) => name !== 'handler'),
    )
  }

  it('has one meaning: it is exported by one file', () => {
    const byName = Map.groupBy(exported(`${values}|interface|type`), ({ name }) => name)
    const shared = [...byName].filter(([, places]) => places.length > 1)
    assert.deepEqual(shared, [])
  })

  it('of a function or a value is used by another file, and by the product itself', () => {
    const files = new Map<string, number>()
    for (const { text } of everyFile) {
      for (const word of new Set(text.match(/\w+/g))) files.set(word, (files.get(word) ?? 0) + 1)
    }
    const alone = exported(values).filter(({ name }) => files.get(name) === 1)
    assert.deepEqual(alone, [])
    const times = new Map<string, number>()
    for (const { text } of everyFile.filter(({ path }) => !/^(test|bench)\//.test(path))) {
      for (const word of text.match(/\w+/g) ?? []) times.set(word, (times.get(word) ?? 0) + 1)
    }
    const unused = exported(values).filter(({ name }) => times.get(name) === 1)
    assert.deepEqual(unused, [])
  })
})

describe('each file', () => {
  it('says on its first line what it is for', () => {
    const silent = sources.filter(({ path, text }) => !isData(path) && !/^\/\/ \S.*[.:]/.test(text))
    assert.deepEqual(
      silent.map(({ path }) => path),
      [],
    )
  })

  it('is about one thing: no barrels, no drawers, 250 lines or a reason on top, a door at most 50', () => {
    const drawers = /(^|\/)(index|utils?|helpers?|types|common)\.ts$/
    assert.deepEqual(
      sources.filter(({ path }) => drawers.test(path)).map(({ path }) => path),
      [],
    )
    const most = (path: string) => (path.startsWith('functions/') ? 50 : 250)
    const hasReason = (text: string) =>
      text.split('\n', 5).some((line) => /^(\/\/|#) Long: /.test(line))
    const long = everyFile.filter(
      ({ path, text }) =>
        !isData(path) && text.trimEnd().split('\n').length > most(path) && !hasReason(text),
    )
    assert.deepEqual(
      long.map(({ path }) => path),
      [],
    )
  })

  it('has comments of at most 120 characters a line', () => {
    const long = everyFile.flatMap(({ path, text }) =>
      text
        .split('\n')
        .filter((line) => line.length > 120 && /^\s*(\/\/|\/?\*|#) .* /.test(line))
        .filter((line) => !line.includes('oxlint-disable'))
        .map((line) => `${path}: ${line.trim().slice(0, 60)}`),
    )
    assert.deepEqual(long, [])
  })

  it('of a product is one page: at most 100 lines', () => {
    const products = floors.find((floor) => 'lib/pipeline.ts' in floor) ?? {}
    const pages = Object.keys({ ...products, 'lib/series.ts': '' }).filter((name) =>
      name.endsWith('.ts'),
    )
    assert.ok(pages.length > 9, pages.join())
    for (const page of pages) {
      assert.ok((byPath.get(page)?.text.trimEnd().split('\n').length ?? 999) <= 100, page)
    }
  })
})

function isData(path: string): boolean {
  return path.endsWith('.data.ts')
}
