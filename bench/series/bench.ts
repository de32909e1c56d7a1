// The series part: ten dates of a polygon beside odc.stac.load, and many zones beside one.

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { SeriesReply } from '../../lib/http/series-reply.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { MemoryBlocks } from '../../test/harness/blocks.ts'
import { stacApi } from '../../test/harness/catalogue-hosts.ts'
import { startGateway } from '../../test/harness/gateway.ts'
import { assetsOf, ipfsAsset } from '../../test/harness/items.ts'
import { startWorker } from '../../test/harness/job-worker.ts'
import { peersPython } from '../../test/harness/peers.ts'
import { PYTHON } from '../../test/harness/requires.ts'
import { datesOfYear, groundOf, makeSeason, type Season } from '../../test/harness/season.ts'
import { startSystem, type TestSystem } from '../../test/harness/system.ts'
import { lacksRasterio } from '../pair.ts'
import { median, type Part, print, printTable, Verdicts } from '../part.ts'
import { serveFiles, serveItems } from './servers.ts'

const ROUNDS = 5
/** Of each request for bytes. */
const LATENCY_MS = 50
/** Jobs that run at once; deployed, it is Lambda's concurrency. */
const WORKERS = 4
/** Pixels on a side. */
const SIDE = 1024
const LARGE_SIDE = 3000
const MOST_APART = 0.002
const PROJECTION = 'https://stac-extensions.github.io/projection/v1.1.0/schema.json'
/** Where the scenes of a season lie. */
const place = {
  'proj:epsg': 32_633,
  'proj:shape': [SIDE, SIDE],
  'proj:transform': [30, 0, 500_000, 0, -30, 5_400_000],
}
const search = { collections: ['landsat-c2l2-sr'] }

/** Prints its tables. @returns the targets that were missed */
export const benchSeries: Part = async () => {
  const absent = lacksRasterio()
  if (absent !== null) return [absent]
  if (!existsSync(peersPython())) return ['needs the packages of test/peers: run `npm run peers`']
  const folder = await mkdtemp(join(tmpdir(), 'bench-series-'))
  const blocks = new MemoryBlocks()
  const plan = { side: SIDE, dates: datesOfYear(2023).slice(0, 10), joined: [] }
  const season = await makeSeason(plan, new MemoryBlocks(), folder)
  const contents = await tiled(season)
  const files = await serveFiles(contents, LATENCY_MS)
  const items: JsonObject[] = []
  for (const item of season.items) items.push(await withFiles(item, contents, blocks, files.url))
  const gateway = await startGateway(blocks)
  gateway.latencyMs = LATENCY_MS
  const catalogue = await serveItems(stacApi(() => items, ''))
  const env = { IPFS_GATEWAYS: gateway.url, STAC_API_URL: catalogue.url }
  const verdicts = new Verdicts()
  try {
    const geometry = await groundOf(300, 300, 240, 220)
    const theirs = await byOdc(items, geometry, folder)
    const cold: number[] = []
    const known: number[] = []
    let means: readonly (number | null)[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const system = await startSystem(env)
      const workers = Array.from({ length: WORKERS }, () => startWorker(system.services))
      const body = { search, geometry, mask: [] }
      cold.push(await timed(async () => (means = await meansOf(system, body))))
      known.push(await timed(() => meansOf(system, body)))
      await Promise.all(workers.map((worker) => worker.stop()))
      await system.close()
    }
    const apart = Math.max(...means.map((mean, at) => Math.abs((mean ?? 9) - theirs.means[at]!)))
    // One row or column of pixels more: they take all of a box, not the pixels within.
    if (!(apart < MOST_APART)) throw new Error(`the means are ${apart} apart`)
    print(
      `\nseries: ten dates of a polygon of 240 x 220 px, ${LATENCY_MS} ms a request, ms; medians of ${ROUNDS} runs`,
    )
    const [ours, again] = [median(cold), median(known)]
    const [odc, pooled] = [theirs.plain, theirs.pool].map((seconds) => median(seconds) * 1000)
    if (odc === undefined || pooled === undefined) throw new TypeError('odc.stac.load took no time')
    printTable(
      ['', 'ms'],
      [
        ['odc.stac.load, warm process', odc.toFixed(0)],
        ['the same with eight threads', pooled.toFixed(0)],
        ['ours, through the queue, verified, kept', ours.toFixed(0)],
        ['ours, from the record', again.toFixed(0)],
      ],
    )
    verdicts.atMost('ten dates: of odc.stac.load’s time', ours / odc, 1)
    verdicts.atMost('from the record: of odc.stac.load’s time', again / odc, 0.2)
    gateway.latencyMs = 0
    const [one, many] = await zoneTimes(gateway.url, blocks, folder)
    print('\nseries: zones over the same pixels of a scene, ms; medians of the same')
    printTable(
      ['', 'ms'],
      [
        ['one zone', one.toFixed(0)],
        ['1,000 zones', many.toFixed(0)],
      ],
    )
    verdicts.atMost('1,000 zones: of one zone’s time', many / one, 1.5)
  } finally {
    await Promise.all([files.close(), gateway.close(), catalogue.close()])
    await rm(folder, { recursive: true, force: true })
  }
  return verdicts.missed
}

/** One date, as one zone and as a thousand that cover it. */
async function zoneTimes(
  gateway: string,
  blocks: MemoryBlocks,
  folder: string,
): Promise<readonly [one: number, many: number]> {
  const plan = { side: LARGE_SIDE, dates: ['2023-02-01'], joined: [] }
  const { items } = await makeSeason(plan, blocks, folder)
  const catalogue = await serveItems(stacApi(() => items, ''))
  const env = { IPFS_GATEWAYS: gateway, STAC_API_URL: catalogue.url }
  const whole = await groundOf(100, 100, 25 * 112, 40 * 70)
  const cells: JsonObject[] = []
  for (let at = 0; at < 1000; at++) {
    const [row, col] = [Math.floor(at / 40), at % 40]
    const geometry = await groundOf(100 + row * 112, 100 + col * 70, 112, 70)
    cells.push({ type: 'Feature', id: String(at), properties: {}, geometry })
  }
  const times: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, body] of [
      { search, geometry: whole, mask: [] },
      { search, features: cells, mask: [] },
    ].entries()) {
      const system = await startSystem(env)
      const worker = startWorker(system.services)
      times[at]?.push(await timed(() => meansOf(system, body)))
      await worker.stop()
      await system.close()
    }
  }
  await catalogue.close()
  return [median(times[0]), median(times[1])]
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** Of the first zone on each date, once all of it is counted. */
async function meansOf({ base }: TestSystem, body: object): Promise<readonly (number | null)[]> {
  const asked = await fetch(`${base}/series`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
  let reply = await read(asked)
  while (reply.status === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 25))
    reply = await read(await fetch(`${base}/series/${reply.id}`))
  }
  return reply.rows.map(({ mean }) => mean)
}

async function read(response: Response): Promise<SeriesReply> {
  if (!response.ok) throw new Error(await response.text())
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what this route answers
  return (await response.json()) as SeriesReply
}

interface OdcTimes {
  /** Seconds of each round. */
  readonly plain: readonly number[]
  readonly pool: readonly number[]
  readonly means: readonly number[]
}

async function byOdc(
  items: readonly JsonObject[],
  geometry: JsonObject,
  folder: string,
): Promise<OdcTimes> {
  const [list, area] = [join(folder, 'items.json'), join(folder, 'polygon.json')]
  await writeFile(list, JSON.stringify(items))
  await writeFile(area, JSON.stringify(geometry))
  const script = fileURLToPath(new URL('odc_series.py', import.meta.url))
  const { stdout } = await promisify(execFile)(peersPython(), [
    '-W',
    'ignore',
    script,
    list,
    area,
    String(ROUNDS),
  ])
  return JSON.parse(stdout)
}

/** By name, as most catalogues have them: in tiles, with overviews. */
async function tiled({ scenes }: Season): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const paths = scenes.flatMap(({ red, nir, qa }) => [red, nir, qa])
  const script = fileURLToPath(new URL('tile_files.py', import.meta.url))
  await promisify(execFile)(PYTHON, [script, ...paths])
  const files: Record<string, Uint8Array<ArrayBuffer>> = {}
  for (const path of paths) files[basename(path)] = new Uint8Array(await readFile(path))
  return files
}

/** With the CIDs of its files, their plain addresses for those who read no others, and where they lie. */
async function withFiles(
  item: JsonObject,
  files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>,
  blocks: MemoryBlocks,
  base: string,
): Promise<JsonObject> {
  const names: Readonly<Record<string, string>> = { red: 'red', nir08: 'nir', qa_pixel: 'qa' }
  const assets: Record<string, JsonObject> = {}
  for (const key of Object.keys(assetsOf(item))) {
    const name = `${typeof item['id'] === 'string' ? item['id'] : ''}_${names[key]}.tif`
    const bytes = files[name]
    if (bytes === undefined) throw new TypeError(`there is no file ${name}`)
    const { alternate } = ipfsAsset((await blocks.add(bytes)).toString())
    const type = 'image/tiff; application=geotiff'
    assets[key] = { href: `${base}/${name}`, type, alternate: alternate ?? {}, ...place }
  }
  return { ...item, stac_extensions: [PROJECTION], assets }
}
