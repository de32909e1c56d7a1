// A published CRS as GDAL and pyproj read it: the source’s, by name and definition.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { JsonObject } from '../../lib/model/json.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { type CrsFile, readCrsFiles } from '../harness/crs-files.ts'
import { startGateway } from '../harness/gateway.ts'
import { ipfsAsset } from '../harness/items.ts'
import { peersPython, skipWithoutPython } from '../harness/peers.ts'
import { json, startSystem } from '../harness/system.ts'

interface Finding {
  readonly source: string | null
  readonly cog: string | null
  readonly same: boolean
  readonly off: Readonly<Record<string, number | string>>
}

const blocks = new MemoryBlocks()
const gateway = await startGateway(blocks)
const system = await startSystem({ IPFS_GATEWAYS: gateway.url })
const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
after(async () => {
  await system.close()
  await gateway.close()
  await rm(folder, { recursive: true })
})

/** Every spelling, and a tenth of the methods by keys. */
const files = readCrsFiles().filter(({ name }, at) => !name.startsWith('GDAL: ') || at % 10 === 0)

/** The file where its first place is: made for its keys alone, it lies at the origin. */
function moved({ tiff, places: [first] }: CrsFile): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Buffer.from(tiff, 'base64'))
  const view = new DataView(bytes.buffer)
  assert.ok(first !== undefined)
  const [, , x, y] = first
  const at = view.getUint32(4, true)
  for (let entry = 0; entry < view.getUint16(at, true); entry++) {
    const field = at + 2 + 12 * entry
    const values = view.getUint32(field + 8, true)
    const write = (numbers: readonly number[]) => {
      for (const [index, value] of numbers.entries())
        view.setFloat64(values + 8 * index, value, true)
    }
    const tag = view.getUint16(field, true)
    // A pixel of a thousandth of any unit lies beside its place.
    if (tag === 33550) write([1e-3, 1e-3, 0])
    if (tag === 33922) write([0, 0, 0, x, y, 0])
  }
  return bytes
}

/** Written by us: paths for GDAL, and the definitions of the item. */
async function publish(file: CrsFile, at: number) {
  const bytes = moved(file)
  const red = ipfsAsset((await blocks.add(bytes)).toString())
  // Other content with the same pixels: a file may end in anything.
  const nir = ipfsAsset((await blocks.add(Uint8Array.of(...bytes, 0))).toString())
  const item = {
    type: 'Feature',
    stac_version: '1.0.0',
    id: `crs-${at}`,
    geometry: null,
    properties: { datetime: '2020-01-01T00:00:00Z' },
    assets: { red, nir },
    links: [],
  }
  const { root, warnings } = await system.ndvi({
    item,
    scale: 'none',
    outputs: ['cog', 'item'],
    pin: false,
  })
  const get = (name: string) => fetch(`${system.base}/ipfs/${root.cid}/${name}`)
  const [source, cog] = [join(folder, `${at}-source.tif`), join(folder, `${at}.tif`)]
  await writeFile(source, bytes)
  await writeFile(cog, new Uint8Array(await (await get('ndvi.tif')).arrayBuffer()))
  const { properties } = await json<{ properties: JsonObject }>(await get('item.json'))
  const definitions = Object.fromEntries(
    ['proj:code', 'proj:wkt2', 'proj:projjson']
      .map((name) => [name, properties[name] ?? null] as const)
      .filter(([, value]) => value !== null),
  )
  return { source, cog, definitions, places: file.places, warnings }
}

/** In the file's own unit: GDAL keeps fewer digits of some parameters. */
const NEAR = 0.01
/** PROJ since 9.8 follows the ellipsoid; the one of GDAL's wheels is older. */
const older = /Equirectangular/

describe('a published CRS', () => {
  it('is the source’s for GDAL and pyproj, whoever wrote it', async (context) => {
    if (skipWithoutPython(context)) return
    const database = new URL('../../node_modules/proj-wasm/dist/proj.db', import.meta.url)
    await copyFile(fileURLToPath(database), join(folder, 'proj.db'))
    const rows = []
    for (const [at, file] of files.entries()) rows.push(await publish(file, at))
    const script = fileURLToPath(new URL('published_crs.py', import.meta.url))
    const env = { ...process.env, PROJ_DATA: folder, PROJ_NETWORK: 'OFF' }
    const running = promisify(execFile)(peersPython(), ['-W', 'ignore', script], {
      env,
      maxBuffer: 2 ** 26,
    })
    running.child.stdin?.end(rows.map((row) => JSON.stringify(row)).join('\n'))
    const found: Finding[] = (await running).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const faults: string[] = []
    const renamed: string[] = []
    for (const [at, { name }] of files.entries()) {
      const { source, cog, same, off } = found[at]!
      const { definitions, warnings } = rows[at]!
      // Without a code, both definitions; with one, the code alone.
      const forms = Object.keys(definitions).join()
      const isWhole = forms === 'proj:code' || forms === 'proj:wkt2,proj:projjson'
      if (!isWhole) faults.push(`${name}: ${forms}`)
      if (!same) renamed.push(`${name}: ${source} -> ${cog}`)
      if (older.test(name) && same) continue
      const isOnlyNamed = warnings.some((text) => text.includes('a GeoTIFF has no words'))
      for (const [form, distance] of Object.entries(off)) {
        if (form === 'cog' && isOnlyNamed) continue
        if (!(typeof distance === 'number' && distance <= NEAR)) {
          faults.push(`${name}, ${form}: ${distance}`)
        }
      }
    }
    context.diagnostic(`${files.length} files, ${renamed.length} in other words than their source`)
    assert.deepEqual(faults, [])
    assert.ok(files.length > 100)
    // Of all others GDAL reads the very keys of the source.
    const words = /Mercator|ESRI|ERDAS: State Plane of|apart|Rosenmund|WGS 84 in/
    assert.deepEqual(
      renamed.filter((text) => !words.test(text)),
      [],
    )
  })
})
