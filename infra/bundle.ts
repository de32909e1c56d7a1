// How the functions are bundled: by an esbuild of our own, for SST's takes no plugins. The benches bundle likewise.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { basename, join, relative, resolve } from 'node:path'
import type * as Esbuild from 'esbuild'

/** The project's, where SST runs this file too: it moves the file to where an older one is nearer. */
const { build }: typeof Esbuild = createRequire(resolve('package.json'))('esbuild')

/** What SST makes beforehand. It would upload maps, but not of what is deployed. */
export const beforehand = { splitting: true, esbuild: { sourcemap: false } }

/** The same of functions that draw: sharp has a binary for each platform, and SST installs the right one. */
export const withDrawing = { ...beforehand, install: ['sharp'] }

/** Replaces what SST made of a function, in a folder, by what is deployed. */
export async function bundleAnew(folder: string, program: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.mjs')) rmSync(join(folder, name))
  }
  await bundleInto(folder, program)
  keepMaps(folder, basename(program, '.ts'))
  // They are in the bundle: read from sixty files, they would take a tenth of a first picture's time.
  for (const name of ['sharp', 'semver', 'detect-libc', '@img/colour']) {
    rmSync(join(folder, 'node_modules', name), { recursive: true, force: true })
  }
}

/** What scripts/read-stack.ts reads: none of it is deployed. */
function keepMaps(folder: string, name: string): void {
  const maps = join('.sst/maps', name)
  rmSync(maps, { recursive: true, force: true })
  mkdirSync(maps, { recursive: true })
  for (const file of readdirSync(folder)) {
    if (file.endsWith('.mjs.map')) renameSync(join(folder, file), join(maps, file))
  }
}

/** Its first file is `bundle.mjs`, as SST calls it. */
export async function bundleInto(folder: string, program: string): Promise<void> {
  await build({
    entryPoints: { bundle: program },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    // Names of functions are shortened too, which spares a first NDVI 30 ms: the maps have them.
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: BANNER },
    plugins: [builtinsByName, schemasByUse, sharpAtHand, inFewFiles(await importsOf(program))],
  })
}

/** What packages in CommonJS expect to find. */
const BANNER = `const require = process.getBuiltinModule('module').createRequire(import.meta.url);
const __filename = import.meta.filename, __dirname = import.meta.dirname;`

/**
 * `import { request } from 'node:http'` has Node read all that the module exports, and some of that are getters which
 * load what they give: HTTP/2 and the whole of fetch here, 40 ms of a cold start. Bundled, it reads `request` alone.
 */
const builtinsByName: Esbuild.Plugin = {
  name: 'builtins-by-name',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^[a-z:_\d/]+$/ }, ({ path, kind, importer }) => {
      if (!isBuiltin(path)) return null
      const bare = path.replace(/^node:/, '')
      // Some, as node:sqlite, have no other name.
      const name = isBuiltin(bare) ? bare : path
      // Which names this one has depends on how a process was started, and the zip shall not.
      const isNamed = kind === 'import-statement' && name !== 'process'
      // Each importer has its own: a file for all of them would take half a millisecond to load.
      if (isNamed) return { ...plain, path: `${name} of ${importer}`, pluginData: name }
      return kind === 'require-call' ? null : { ...plain, path: name }
    })
    esbuild.onLoad({ filter: /^/, namespace: 'builtin' }, ({ path, pluginData: name }) => ({
      // esbuild gives a module of CommonJS by getters.
      contents: name === undefined ? `module.exports = ${moduleOf(path)}` : namesOf(name),
    }))
  },
}

const plain = { namespace: 'builtin', sideEffects: false }
const moduleOf = (name: string) => `process.getBuiltinModule('${name}')`

function namesOf(module: string): string {
  const names = Object.keys(process.getBuiltinModule(module) ?? {})
  return [
    `const builtin = ${moduleOf(module)}`,
    'const read = (name) => builtin[name]',
    'export default builtin',
    // Pure: what nobody imports is left out.
    ...names.map((name) => `const $${name} = /* @__PURE__ */ read('${name}')`),
    `export { ${names.map((name) => `$${name} as ${name}`).join(', ')} }`,
  ].join('\n')
}

/**
 * The AWS SDK has the schemas of all that a service does in one module. esbuild would keep them all, since it cannot
 * tell what a computed name does: `{ [_hH]: _xaa }`. Written out, those that nobody asks for are left out.
 */
const schemasByUse: Esbuild.Plugin = {
  name: 'schemas-by-use',
  setup(esbuild) {
    esbuild.onLoad({ filter: /@aws-sdk\/client-[\w-]+\/dist-es\/schemas\/.*\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      const constants = text.matchAll(/^const (\w+) = ("[^"]*");$/gm)
      const values = new Map(Array.from(constants, ([, name, value]) => [name, value]))
      const writeOut = (computed: string, name: string) => values.get(name) ?? computed
      return { contents: text.replaceAll(/\[(\w+)\](?=: )/g, writeOut) }
    })
  },
}

/**
 * sharp looks for its binary among those of all platforms, reads versions and the names of colours: half of the time
 * that it takes to load. The one binary beside a bundle is that of its machine, with glibc as Lambda's; our colours are
 * numbers.
 */
const sharpAtHand: Esbuild.Plugin = {
  name: 'sharp-at-hand',
  setup(esbuild) {
    const machine = '`${process.platform}-${process.arch}`'
    const replacements = {
      'sharp/dist/sharp.mjs': `export default require('@img/sharp-' + ${machine} + '/sharp.node')`,
      'sharp/dist/libvips.mjs': `export default { runtimePlatformArch: () => ${machine} }`,
      'detect-libc/lib/detect-libc.js':
        "export default { GLIBC: 'glibc', familySync: () => 'glibc' }",
      '@img/colour/index.cjs':
        'export default ({ r, g, b }) => ({ red: () => r, green: () => g, blue: () => b, alpha: () => 1 })',
    }
    for (const [path, contents] of Object.entries(replacements))
      esbuild.onLoad({ filter: new RegExp(`/node_modules/${path}$`) }, () => ({ contents }))
  },
}

/** What a program imports of ours, from the project's folder. */
async function importsOf(program: string): Promise<string[]> {
  const found: string[] = []
  const look: Esbuild.Plugin = {
    name: 'look',
    setup(esbuild) {
      esbuild.onResolve({ filter: /^\./ }, ({ path, kind, resolveDir }) => {
        if (kind === 'entry-point') return null
        if (kind === 'import-statement') found.push(fromProject(resolveDir, path))
        return { path, external: true }
      })
    },
  }
  await build({
    entryPoints: [program],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    plugins: [look],
  })
  return found
}

/** The same on every machine, since names of files have a digest of what is in them. */
function fromProject(folder: string, path: string): string {
  return `./${relative('.', resolve(folder, path))}`
}

/**
 * Has what is loaded together in few files: each takes 0.4 ms. esbuild makes a file of the modules that the same parts
 * import, and a part is what is imported later; so each part of ours imports what is there by then, or mostly needed by
 * it. The start is there, but not the program itself: a part may be asked for while that still waits for its
 * configuration. Where anything of the AWS SDK is wanted later, the client of the bucket is there, too. What a thread
 * runs has no start of this kind.
 */
function inFewFiles(start: readonly string[]): Esbuild.Plugin {
  return {
    name: 'in-few-files',
    setup(esbuild) {
      esbuild.onResolve({ filter: /^\./ }, ({ path, kind, importer, resolveDir }) => {
        const part = fromProject(resolveDir, path)
        const isOurs = kind === 'dynamic-import' && part.startsWith('./lib/')
        if (!isOurs || part.endsWith('-thread.ts')) return null
        const isRoute = importer.endsWith('/lib/http/load-routes.ts')
        return { path: part, namespace: 'part', pluginData: isRoute ? besideRoute(part) : [] }
      })
      esbuild.onResolve({ filter: /^/ }, async ({ path, pluginData, ...from }) => {
        if (from.kind !== 'dynamic-import' || pluginData === 'found') return null
        if (!path.startsWith('@aws-sdk/') && !/\/@(aws-sdk|smithy)\//.test(from.importer))
          return null
        const found = await esbuild.resolve(path, { ...from, pluginData: 'found' })
        const part = fromProject('.', found.path)
        return { path: part, namespace: 'part', pluginData: ['./lib/store/s3/s3-sdk.ts'] }
      })
      esbuild.onLoad({ filter: /^/, namespace: 'part' }, ({ path, pluginData: beside }) => {
        const imports = [...start, ...beside].map((each) => `import '${each}'`)
        return {
          contents: [...imports, `export * from '${path}'`].join('\n'),
          resolveDir: resolve(),
        }
      })
    },
  }
}

/**
 * What each route of lib/http/load-routes.ts is there with: a `page` answers from what is bundled, all others are given
 * the services, and those that are `computing` need four fifths of what an NDVI does, or more.
 */
export const routeNeeds = {
  change: 'computing',
  composite: 'computing',
  'content/answer': 'services',
  'content/headers': 'services',
  'deep-health': 'services',
  fingerprint: 'services',
  jobs: 'services',
  ndvi: 'services',
  'openapi/document': 'page',
  'page/serve-page': 'page',
  point: 'computing',
  publications: 'services',
  receipts: 'services',
  results: 'services',
  scenes: 'services',
  series: 'computing',
  'stac/answer': 'services',
  'stac/landing': 'page',
  tiles: 'computing',
  'time-limit': 'services',
  verify: 'computing',
} as const

function besideRoute(route: string): string[] {
  const pathOf = (name: string) => `./lib/http/${name}.ts`
  const [, need = null] = Object.entries(routeNeeds).find(([name]) => pathOf(name) === route) ?? []
  if (need === null) throw new Error(`${route} is not in the table of infra/bundle.ts`)
  if (need === 'page') return []
  return ['./lib/services.ts', ...(need === 'computing' ? [pathOf('ndvi')] : [])]
}
