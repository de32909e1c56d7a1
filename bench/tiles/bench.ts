// Map tiles beside titiler's: the same files over plain HTTP in ranges, 50 ms a request, 400 tiles, 16 at once.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lacksRasterio, makePair } from '../pair.ts'
import { median, type Part, print, printTable, quantile, Verdicts } from '../part.ts'
import {
  type Contender,
  fingerprint,
  greenprint,
  lacksTitiler,
  type Tile,
  titiler,
} from './contenders.ts'
import { startTelling } from './server.ts'

const SIZE = [5000, 5000] as const
const LATENCY_MS = 50
const TILES = 400
const AT_ONCE = 16
/** Lives of each server, of which each number is the median; of what two of them agree on there is no third. */
const MOST_ROUNDS = 3
const FEWEST_ROUNDS = 2

const node = process.execPath
const fileAt = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Zooms from the whole scene to its own pixels, in an order in which nobody looks at a map. */
function tilesOf([west, south, east, north]: readonly number[]): Tile[] {
  const at = (lon: number, lat: number, z: number) => {
    const mercator = Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI
    return [
      Math.floor(((lon + 180) / 360) * 2 ** z),
      Math.floor(((1 - mercator) / 2) * 2 ** z),
    ] as const
  }
  const tiles: Tile[] = []
  for (const z of [9, 10, 11, 12, 13]) {
    const [left, top] = at(west ?? 0, north ?? 0, z)
    const [right, bottom] = at(east ?? 0, south ?? 0, z)
    for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) tiles.push({ z, x, y })
  }
  const some = tiles.slice(0, TILES)
  let seed = 1
  for (let i = some.length - 1; i > 0; i--) {
    seed = (seed * 48_271) % 2_147_483_647
    const j = seed % (i + 1)
    const [one, other] = [some[i], some[j]]
    if (one !== undefined && other !== undefined) [some[i], some[j]] = [other, one]
  }
  return some
}

/** Of the very first tile of a fresh process; of all others, and of all of them again. */
const figures = ['first', 'fresh p50', 'fresh p95', 'warm p50', 'warm p95'] as const
type Figure = (typeof figures)[number]
/** Milliseconds of one life; a short one has the first tile alone. */
type Numbers = Readonly<Partial<Record<Figure, number>>>

/** Of titiler's time, at most. */
function barOf(what: Figure): number {
  return what === 'warm p95' ? 0.6 : 1
}

export const benchTiles: Part = async () => {
  print('\nTiles: 5,000 x 5,000 px over HTTP ranges, 50 ms a request, 400 tiles, 16 at once')
  const absent = lacksRasterio() ?? lacksTitiler()
  if (absent !== null) {
    print(`  ${absent}`)
    return [absent]
  }
  const { red, nir } = await makePair(SIZE)
  const host = await startTelling(node, [fileAt('host.ts'), red, nir, String(LATENCY_MS)], {})
  const folder = await mkdtemp(join(tmpdir(), 'greenprint-bench-'))
  try {
    return await measure(host.url, folder)
  } finally {
    await host.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(files: string, folder: string): Promise<readonly string[]> {
  const item = `${files}/item.json`
  const known = join(folder, 'known')
  const bounds = await fingerprint(known, item)
  const tiles = tilesOf(bounds)
  const contenders = [
    greenprint('Greenprint, verified by fingerprint', item, 'fingerprint', known, folder),
    greenprint('Greenprint, unverified', item, 'transport', known, folder),
    titiler(item),
  ]
  const lives = new Map<string, Numbers[]>(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const unclear =
      round < FEWEST_ROUNDS ? figures : figures.filter((what) => !isClear(lives, what))
    if (unclear.length === 0) break
    const isShort = unclear.every((what) => what === 'first')
    const some = isShort ? tiles.slice(0, 1) : tiles
    for (const contender of contenders) lives.get(contender.name)?.push(await live(contender, some))
  }
  return judge(lives)
}

/** Whether every life of ours is on the same side of a target, beside titiler's in the same round. */
function isClear(lives: ReadonlyMap<string, readonly Numbers[]>, what: Figure): boolean {
  const [peers = [], ...ours] = [...lives.values()].toReversed()
  return ours.every((rounds) => {
    const isMet = (life: Numbers, round: number) =>
      (life[what] ?? 0) <= barOf(what) * (peers[round]?.[what] ?? 0)
    return new Set(rounds.map(isMet)).size === 1
  })
}

function judge(lives: ReadonlyMap<string, readonly Numbers[]>): readonly string[] {
  const verdicts = new Verdicts()
  const rows = [...lives].map(([name, rounds]) => ({
    name,
    of: (what: Figure) => median(rounds.flatMap((life) => life[what] ?? [])),
  }))
  printTable(
    ['ms a tile', ...figures],
    rows.map(({ name, of }) => [name, ...figures.map((what) => of(what).toFixed(0))]),
  )
  const peer = rows.at(-1)
  for (const { name, of } of rows.slice(0, -1)) {
    for (const what of figures) {
      const ratio = of(what) / (peer?.of(what) ?? 0)
      verdicts.atMost(`${name}, ${what} by titiler's`, ratio, barOf(what))
    }
  }
  return verdicts.missed
}

/** One life of a server: its first tile, then all of them, then all of them again. */
async function live({ start, addressOf }: Contender, tiles: readonly Tile[]): Promise<Numbers> {
  const server = await start()
  try {
    const addresses = tiles.map((tile) => `${server.url}${addressOf(tile)}`)
    const [first = 0] = await load(addresses.slice(0, 1))
    if (addresses.length === 1) return { first }
    const fresh = await load(addresses.slice(1))
    const warm = await load(addresses)
    return {
      first,
      'fresh p50': quantile(fresh, 0.5),
      'fresh p95': quantile(fresh, 0.95),
      'warm p50': quantile(warm, 0.5),
      'warm p95': quantile(warm, 0.95),
    }
  } finally {
    await server.stop()
  }
}

/** Milliseconds of each. */
async function load(addresses: readonly string[]): Promise<number[]> {
  const times: number[] = []
  const queue = addresses.values()
  const work = async () => {
    for (const address of queue) {
      const began = performance.now()
      const response = await fetch(address)
      const bytes = await response.arrayBuffer()
      times.push(performance.now() - began)
      const isEmpty = response.status === 404 || response.status === 204
      if (!isEmpty && (!response.ok || bytes.byteLength === 0))
        throw new Error(`${address}: ${response.status} ${Buffer.from(bytes).toString()}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return times
}
