// npm run build:page: the page of web/ as hashed files in web/dist, with a list of them. esbuild's door.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { build, type Plugin } from 'esbuild'
import type { Position } from 'geojson'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'

const root = fileURLToPath(new URL('../', import.meta.url))
const out = `${root}web/dist/`
const packages = `${root}node_modules/`
/** Where the server answers these files, from the page's own address: a stage or a path may stand before it. */
const BASE = 'web/'
/** About 1 km, which is what 1 : 110,000,000 has. */
const DIGITS = 2

const names = new Map<string, string>()

function keep(name: string, body: string | Uint8Array): string {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 10)
  const at = name.lastIndexOf('.')
  const file = `${name.slice(0, at)}-${hash}${name.slice(at)}`
  writeFileSync(`${out}${file}.br`, packed(body))
  names.set(name, `${BASE}${file}`)
  return file
}

/** Packed once, at its best: a reply, and the zip of the API, have half a megabyte less. */
function packed(body: string | Uint8Array): Uint8Array {
  return brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
}

/** MapLibre comes as it is: its worker and our own code are files of their own. */
function keepMapLibre(): string {
  const dist = `${packages}maplibre-gl/dist/`
  const plain = (name: string) =>
    readFileSync(`${dist}${name}`, 'utf8').replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n')
  const shared = keep('maplibre-shared.js', plain('maplibre-gl-shared.mjs'))
  const link = (text: string) => text.replaceAll(/\.\/maplibre-gl-shared\.mjs/g, `./${shared}`)
  keep('maplibre-worker.js', link(plain('maplibre-gl-worker.mjs')))
  keep('maplibre.css', plain('maplibre-gl.css'))
  return keep('maplibre.js', link(plain('maplibre-gl.mjs')))
}

function keepLand(): void {
  const topology: Topology<{ land: GeometryCollection }> = JSON.parse(
    readFileSync(`${packages}world-atlas/land-110m.json`, 'utf8'),
  )
  const land = feature(topology, topology.objects.land)
  for (const { geometry } of land.features) {
    if (geometry.type !== 'MultiPolygon') continue
    geometry.coordinates = geometry.coordinates.map((rings) => rings.map(unwrapped))
  }
  const rounded = (_key: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toFixed(DIGITS)) : value
  keep('land.json', JSON.stringify(land, rounded))
}

/**
 * A ring over the antimeridian goes on past 180 degrees, instead of back across the whole map; the one around the South
 * Pole is closed along it.
 */
function unwrapped(ring: readonly Position[]): Position[] {
  let turns = 0
  const path = ring.map(([longitude = 0, latitude = 0], at): Position => {
    const step = longitude - (ring[at - 1]?.[0] ?? longitude)
    if (Math.abs(step) > 180) turns -= Math.sign(step)
    return [longitude + turns * 360, latitude]
  })
  const [first] = path
  const last = path.at(-1)
  if (turns === 0 || first === undefined || last === undefined) return path
  return [...path, [last[0] ?? 0, -90], [first[0] ?? 0, -90], first]
}

async function bundle(entry: string, mapLibre: string): Promise<void> {
  const external: Plugin = {
    name: 'maplibre',
    setup: (build) => {
      build.onResolve({ filter: /^maplibre-gl$/ }, () => ({
        path: `./${mapLibre}`,
        external: true,
      }))
    },
  }
  const { outputFiles } = await build({
    entryPoints: [`${root}web/${entry}.ts`],
    bundle: true,
    format: 'esm',
    target: 'es2023',
    minify: true,
    write: false,
    charset: 'utf8',
    legalComments: 'none',
    plugins: [external],
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error(`esbuild made nothing of ${entry}`)
  keep(entry === 'main' ? 'page.js' : `${entry}.js`, file.contents)
}

function keepHtml(name: string): void {
  const text = readFileSync(`${root}web/${name}`, 'utf8')
  const linked = text.replaceAll(/%([\w.-]+)%/g, (_all, file: string) => {
    const address = names.get(file)
    if (address === undefined)
      throw new Error(`${name} names ${file}, which the build does not make`)
    return address
  })
  writeFileSync(`${out}${name}`, linked)
}

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
const mapLibre = keepMapLibre()
keepLand()
keep('icon.svg', readFileSync(`${root}web/icon.svg`))
keep('page.css', readFileSync(`${root}web/style.css`))
keep(
  'sample.json',
  JSON.stringify(JSON.parse(readFileSync(`${root}lib/sample/scene/item.json`, 'utf8'))),
)
await Promise.all([bundle('main', mapLibre), bundle('docs', mapLibre)])
for (const name of ['index.html', 'docs.html']) keepHtml(name)
