// Tiles of a map beside those that gdalwarp makes of the same bands: nearly every pixel has the same colour.
// Long: many grounds and clients on one system.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { getRamp } from '../../../lib/image/ramps.ts'
import type { JsonObject } from '../../../lib/model/json.ts'
import { MemoryBlocks } from '../../harness/blocks.ts'
import { startGateway } from '../../harness/gateway.ts'
import { ipfsAsset, type SceneName, sceneItem } from '../../harness/items.ts'
import { Rasterio, type RasterSpec } from '../../harness/rasterio.ts'
import { PYTHON, type Requirement, skipWithout } from '../../harness/requires.ts'
import { startSystem } from '../../harness/system.ts'

const gdal: Requirement = {
  commands: ['gdalwarp'],
  pythonModules: ['rasterio'],
  packages: 'gdal-bin python3-rasterio',
}
const script = fileURLToPath(new URL('../../fixtures/warp_reference.py', import.meta.url))
const scenes = fileURLToPath(new URL('../../fixtures/scenes/', import.meta.url))

const folder = await mkdtemp(join(tmpdir(), 'greenprint-tiles-'))
const blocks = new MemoryBlocks()
const gateway = await startGateway(blocks)
const system = await startSystem({ IPFS_GATEWAYS: gateway.url })
after(async () => {
  await system.close()
  await gateway.close()
  await rm(folder, { recursive: true, force: true })
})

interface Ground {
  readonly item: JsonObject
  readonly red: string
  readonly nir: string
  readonly scale: number
  readonly offset: number
  readonly nodata: number | null
}

interface Tile {
  readonly z: number
  readonly x: number
  readonly y: number
}

async function fixture(name: SceneName, scale: number, offset: number): Promise<Ground> {
  const path = (band: string) => join(scenes, name, `${band}.tif`)
  return {
    item: await sceneItem(name, blocks),
    red: path('red'),
    nir: path('nir08'),
    scale,
    offset,
    nodata: 0,
  }
}

/** A pair of synthetic bands without a scale. */
async function synthetic(
  name: string,
  rasterio: Rasterio,
  spec: Pick<RasterSpec, 'epsg' | 'transform' | 'size' | 'overviews'>,
): Promise<Ground> {
  const path = (band: string) => join(folder, `${name}-${band}.tif`)
  const made = { ...spec, dtype: 'int16' as const, nodata: -9999, block: 256 }
  const assets: Record<string, JsonObject> = {}
  for (const [seed, band] of ['red', 'nir'].entries()) {
    await rasterio.make({ ...made, path: path(band), seed: seed + 1 })
    const cid = await blocks.add(new Uint8Array(await readFile(path(band))))
    assets[band] = ipfsAsset(cid.toString())
  }
  const item = {
    type: 'Feature',
    stac_version: '1.0.0',
    id: name,
    geometry: null,
    properties: { datetime: '2020-01-01T00:00:00Z' },
    assets,
    links: [],
  }
  return { item, red: path('red'), nir: path('nir'), scale: 1, offset: 0, nodata: -9999 }
}

function tileAt(lon: number, lat: number, z: number): Tile {
  const mercator = Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI
  const at = (share: number) => Math.min(2 ** z - 1, Math.max(0, Math.floor(share * 2 ** z)))
  return { z, x: at((lon + 180) / 360), y: at((1 - mercator) / 2) }
}

const ramp = getRamp('rdylgn')

/** Whether a pixel has the colour of an index, or of one beside it. */
function isNear(pixel: Uint8Array, index: number): boolean {
  // A palette of 255 colours shares one of them.
  return [0, 1, -1, 2, -2].some((step) => {
    const at = Math.min(255, Math.max(0, index + step))
    const isAlike = [0, 1, 2].every((channel) => pixel[channel] === ramp[at * 3 + channel])
    return isAlike && (Math.abs(step) < 2 || isShared(index, at))
  })
}

function isShared(one: number, other: number): boolean {
  const distance = [0, 1, 2].map(
    (channel) => (ramp[one * 3 + channel] ?? 0) - (ramp[other * 3 + channel] ?? 0),
  )
  return distance.every((step) => Math.abs(step) <= 6)
}

interface Case {
  readonly name: string
  readonly ground: Ground
  readonly tile: Tile
  readonly resampling: 'nearest' | 'bilinear'
  readonly size: 256 | 512
}

async function compare(cases: readonly Case[]): Promise<{ readonly valid: number }[]> {
  const asked = cases.map(({ ground, tile, resampling, size }, at) => {
    const { red, nir, scale, offset, nodata } = ground
    const out = join(folder, `${at}.bin`)
    return { red, nir, scale, offset, nodata, ...tile, size, resampling, out }
  })
  const running = promisify(execFile)(PYTHON, ['-W', 'ignore', '-B', script])
  running.child.stdin?.end(JSON.stringify({ cases: asked }))
  const { stdout } = await running
  for (const [at, { name, ground, tile, resampling, size }] of cases.entries()) {
    const { z, x, y } = tile
    const where = `${name} ${z}/${x}/${y} ${resampling} ${size}`
    const query = new URLSearchParams({ item: JSON.stringify(ground.item), resampling })
    const file = `${y}${size === 512 ? '@2x' : ''}.png`
    const response = await fetch(`${system.base}/tiles/${z}/${x}/${file}?${query.toString()}`)
    assert.equal(response.status, 200, where)
    const png = await response.arrayBuffer()
    const { data, info } = await sharp(png)
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    assert.deepEqual([info.width, info.height], [size, size], where)
    const expected = await readFile(asked[at]?.out ?? '')
    const pixels = size * size
    let [other, seen] = [0, 0]
    for (let i = 0; i < pixels; i++) {
      const pixel = data.subarray(i * 4, i * 4 + 4)
      const hasValue = expected[pixels + i] === 1
      if (hasValue || pixel[3] !== 0) seen++
      const isEqual = hasValue
        ? pixel[3] === 255 && isNear(pixel, expected[i] ?? 0)
        : pixel[3] === 0
      if (!isEqual) other++
    }
    const share = seen === 0 ? other : other / seen
    if (!process.env.TILES_VERBOSE)
      assert.ok(share <= 0.005, `${where}: ${(100 * share).toFixed(2)} % of ${seen} px differ`)
  }
  return JSON.parse(stdout)
}

function both(name: string, ground: Ground, tiles: readonly Tile[], size: 256 | 512 = 256): Case[] {
  return tiles.flatMap((tile) =>
    (['nearest', 'bilinear'] as const).map((resampling) => ({
      name,
      ground,
      tile,
      resampling,
      size,
    })),
  )
}

describe('tiles are those of gdalwarp -et 0', () => {
  it('of scenes in UTM, from one tile for the whole to far inside a pixel', async (t) => {
    if (skipWithout(t, gdal)) return
    const manaus = await fixture('l9-c2l2-manaus', 2.75e-5, -0.2)
    const sentinel = await fixture('s2-l2a-29RKH', 1e-4, 0)
    const zooms = [8, 11, 14]
    const answers = await compare([
      ...both(
        'Manaus',
        manaus,
        zooms.map((z) => tileAt(-59.89, -3.14, z)),
      ),
      ...both('Manaus', manaus, [tileAt(-59.89, -3.14, 11)], 512),
      ...both('its corner', manaus, [tileAt(-60.0085, -3.0806, 13)]),
      ...both(
        'Sentinel-2',
        sentinel,
        [13].map((z) => tileAt(-11.4, 24.8, z)),
      ),
    ])
    assert.ok(answers.filter(({ valid }) => valid > 0).length >= 10)
  })

  it('across the antimeridian, near the poles, in degrees from 0 to 360, and of overviews', async (t) => {
    if (skipWithout(t, gdal)) return
    const rasterio = new Rasterio()
    try {
      const overviews = [2, 4]
      const taveuni = await synthetic('antimeridian', rasterio, {
        epsg: 32760,
        transform: [120, 0, 770_000, 0, -120, 8_160_000],
        size: [700, 900],
        overviews,
      })
      const ellesmere = await synthetic('polar', rasterio, {
        epsg: 3413,
        transform: [500, 0, -900_000, 0, -500, -200_000],
        size: [900, 900],
        overviews,
      })
      const degrees = await synthetic('degrees', rasterio, {
        epsg: 4326,
        transform: [0.01, 0, 179, 0, -0.01, 20],
        size: [400, 600],
        overviews: [],
      })
      const answers = await compare([
        ...both(
          'west of it',
          taveuni,
          [8].map((z) => tileAt(179.9, -16.9, z)),
        ),
        ...both(
          'east of it',
          taveuni,
          [10].map((z) => tileAt(-179.9, -16.9, z)),
        ),
        ...both('far out', taveuni, [tileAt(179.9, -16.9, 4)]),
        ...both(
          'near the pole',
          ellesmere,
          [7].map((z) => tileAt(-105, 82.5, z)),
        ),
        ...both('up to the last row', ellesmere, [tileAt(-112, 85.04, 6)]),
        ...both(
          'in degrees past 180',
          degrees,
          [8].map((z) => tileAt(-178, 18, z)),
        ),
      ])
      assert.ok(
        answers.every(({ valid }) => valid > 0),
        JSON.stringify(answers),
      )
    } finally {
      await rasterio.close()
    }
  })
})

describe("GDAL's own clients", () => {
  const clients: Requirement = { commands: ['gdal_translate'], packages: 'gdal-bin' }

  /** What a client makes of one tile's ground is that tile. */
  async function assertSame(source: string, path: string, { z, x, y }: Tile): Promise<void> {
    const side = (2 * Math.PI * 6_378_137) / 2 ** z
    const [left, top] = [x * side - 2 ** (z - 1) * side, 2 ** (z - 1) * side - y * side]
    const out = join(folder, 'client.png')
    const window = [left, top, left + side, top - side].map(String)
    await promisify(execFile)(
      'gdal_translate',
      ['-q', '-of', 'PNG', '-projwin', ...window].concat(['-outsize', '256', '256', source, out]),
      // Else it leaves its tiles where it is started.
      { env: { ...process.env, GDAL_DEFAULT_WMS_CACHE_PATH: join(folder, 'wms') } },
    )
    const read = async (png: Uint8Array | ArrayBuffer) => sharp(png).ensureAlpha().raw().toBuffer()
    const direct = await (await fetch(`${system.base}${path}`)).arrayBuffer()
    const [theirs, ours] = [await read(await readFile(out)), await read(direct)]
    assert.equal(theirs.length, ours.length)
    // The colour under a transparent pixel means nothing.
    const other = ours.reduce((sum, byte, at) => {
      const isSeen = ours[at | 3] !== 0
      return sum + Number((isSeen || at % 4 === 3) && theirs[at] !== byte)
    }, 0)
    assert.equal(other, 0)
  }

  it('read the tiles by WMTS and by TMS', async (t) => {
    if (skipWithout(t, clients)) return
    const { item } = await fixture('l9-c2l2-manaus', 2.75e-5, -0.2)
    const query = new URLSearchParams({ item: JSON.stringify(item), resampling: 'bilinear' })
    const tile = tileAt(-59.89, -3.14, 12)
    const path = `/tiles/${tile.z}/${tile.x}/${tile.y}.png?${query.toString()}`
    const { host } = new URL(system.base)
    const capabilities = await (
      await fetch(`${system.base}/WMTSCapabilities.xml?${query.toString()}`)
    ).text()
    const wmts = join(folder, 'wmts.xml')
    await writeFile(wmts, capabilities.replaceAll('greenprint.test', host))
    await assertSame(`WMTS:${wmts},layer=ndvi`, path, tile)

    const edge = Math.PI * 6_378_137
    const tms = join(folder, 'tms.xml')
    const address = `${system.base}/tiles/\${z}/\${x}/\${y}.png?${query.toString()}`.replaceAll(
      '&',
      '&amp;',
    )
    await writeFile(
      tms,
      `<GDAL_WMS><Service name="TMS"><ServerUrl>${address}</ServerUrl></Service>
<DataWindow><UpperLeftX>${-edge}</UpperLeftX><UpperLeftY>${edge}</UpperLeftY>
<LowerRightX>${edge}</LowerRightX><LowerRightY>${-edge}</LowerRightY>
<TileLevel>13</TileLevel><TileCountX>1</TileCountX><TileCountY>1</TileCountY><YOrigin>top</YOrigin></DataWindow>
<Projection>EPSG:3857</Projection><BlockSizeX>256</BlockSizeX><BlockSizeY>256</BlockSizeY>
<BandsCount>4</BandsCount></GDAL_WMS>`,
    )
    await assertSame(tms, path, tile)
  })
})
