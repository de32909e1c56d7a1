// A program: a year of scenes (season.ts) behind a STAC API and a gateway, and one more scene of plain copies without
// CIDs. Prints `{api, gateway}` and serves until it is ended.

import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '../../lib/model/json.ts'
import { MemoryBlocks } from './blocks.ts'
import { startCopyHost } from './copy-host.ts'
import { startGateway } from './gateway.ts'
import { datesOfYear, makeSeason, type SeasonScene } from './season.ts'
import { serveStac } from './stac-server.ts'

const SIDE = 180
const EVERY = 4

const folder = await mkdtemp(join(tmpdir(), 'season-'))
const blocks = new MemoryBlocks()
const dates = datesOfYear(2023).filter((_, at) => at % EVERY === 0)
const plan = { side: SIDE, dates: [...dates, '2022-06-01'], joined: [] }
const { items, scenes } = await makeSeason(plan, blocks, folder)
const gateway = await startGateway(blocks)
const copies = await startCopyHost()
const last = await plain(items.at(-1), scenes.at(-1))
const all = [...items.slice(0, -1), last]
const api = await serveStac(() => all, '/v1')
process.stdout.write(`${JSON.stringify({ api, gateway: gateway.url })}\n`)

/** The scene with addresses of its files instead of their CIDs. */
async function plain(
  item: JsonObject | undefined,
  scene: SeasonScene | undefined,
): Promise<JsonObject> {
  if (item === undefined || scene === undefined) throw new Error('the season has no scene')
  const files = { red: scene.red, nir08: scene.nir, qa_pixel: scene.qa }
  const assets: Record<string, JsonObject> = {}
  for (const [key, path] of Object.entries(files)) {
    copies.put(`${key}.tif`, new Uint8Array(await readFile(path)))
    assets[key] = { href: `${copies.url}/${key}.tif`, type: 'image/tiff; application=geotiff' }
  }
  return { ...item, assets }
}
