// Our numbers against rasterio's on random requests, where Debian's python3-rasterio is: made-up and real scenes.

import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { JsonObject } from '../../../lib/model/json.ts'
import { MemoryBlocks } from '../../harness/blocks.ts'
import { openProjection } from '../../harness/crs.ts'
import { ipfsAsset, type SceneName, sceneItem } from '../../harness/items.ts'
import { type Asked, assertSameNumbers, computeNumbers } from '../../harness/numbers.ts'
import { type Random, randomFrom } from '../../harness/random.ts'
import { Rasterio, rasterioRequirement } from '../../harness/rasterio.ts'
import { missing, skipWithout } from '../../harness/requires.ts'
import { cogOf, sceneFile } from '../../harness/scenes.ts'
import { maskClassesOf, maskedBy, type ProductCase, productCases, scaleOf } from './products.ts'
import { type Kind, randomRequest, randomSite, type Site, siteKinds } from './random-scenes.ts'

const SCENES_PER_KIND = 12
const REQUESTS_PER_SCENE = 5
const REQUESTS_PER_REAL_SCENE = 15

function compareAll(): void {
  const rasterio = new Rasterio()
  after(() => rasterio.close())
  describe('NDVI equals rasterio’s on random requests', () => {
    for (const [at, kind] of siteKinds.entries()) {
      it(`for made-up scenes: ${kind}`, () => compareMadeUp(kind, randomFrom(at + 1), rasterio))
    }
    for (const [at, name] of realScenes.entries()) {
      it(`for ${name}`, () => compareReal(name, randomFrom(at + 100), rasterio))
    }
  })
}

async function compareMadeUp(kind: Kind, random: Random, rasterio: Rasterio): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'greenprint-rasters-'))
  try {
    for (let scene = 0; scene < SCENES_PER_KIND; scene++) {
      const site = await randomSite(kind, random)
      const product = random.pick(productCases)
      const files = await makeFiles(join(folder, String(scene)), site, product, random, rasterio)
      const blocks = new MemoryBlocks()
      const item = await itemOf(product, files, blocks)
      const { quality } = product
      const classes = maskClassesOf(quality)
      for (let request = 0; request < REQUESTS_PER_SCENE; request++) {
        const asked = randomRequest(site, classes, random)
        const theirs = await rasterio.answer({
          ...asked,
          red: files.red,
          nir: files.nir,
          scale: scaleOf(product),
          fill: product.fill,
          saturation: product.saturation,
          ...maskedBy(quality, asked.mask ?? [], files.qa),
        })
        await compare(item, asked, blocks, theirs, `${kind} ${scene} of EPSG:${site.epsg}`)
      }
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function compare(
  item: JsonObject,
  asked: Asked,
  blocks: MemoryBlocks,
  theirs: Parameters<typeof assertSameNumbers>[1],
  where: string,
): Promise<void> {
  try {
    const { numbers } = await computeNumbers(item, asked, blocks)
    assertSameNumbers(numbers, theirs)
  } catch (cause) {
    throw new assert.AssertionError({
      message: `${where}, asked ${JSON.stringify(asked)}: ${String(cause)}`,
    })
  }
}

interface Files {
  readonly red: string
  readonly nir: string
  readonly qa: string | null
}

async function makeFiles(
  path: string,
  site: Site,
  { dtype, nodata, quality }: ProductCase,
  random: Random,
  rasterio: Rasterio,
): Promise<Files> {
  const { epsg, size, transform } = site
  const overviews = random.pick([[], [2], [2, 4], [2, 4, 8]])
  const block = random.pick([16, 32, 64])
  const files = { red: `${path}-red.tif`, nir: `${path}-nir.tif` }
  for (const band of [files.red, files.nir]) {
    const seed = random.whole(1, 1e6)
    // JSON has no NaN: a float band's nodata is left unsaid, NaN is no observation anyhow.
    const named = nodata === null || Number.isNaN(nodata) ? null : nodata
    await rasterio.make({
      path: band,
      dtype,
      size,
      epsg,
      transform,
      nodata: named,
      seed,
      overviews,
      block,
    })
  }
  if (quality === null) return { ...files, qa: null }
  const qa = `${path}-qa.tif`
  await rasterio.makeQuality({
    path: qa,
    dtype: quality.dtype,
    epsg,
    numbers: quality.numbers,
    ...qualityGrid(site, random),
    seed: random.whole(1, 1e6),
  })
  return { ...files, qa }
}

/** The bands' own grid, one of pixels twice as large (SCL beside 10 m), or one that ends within the scene. */
function qualityGrid({ size, transform }: Site, random: Random): Pick<Site, 'size' | 'transform'> {
  const [rows, cols] = size
  const [a, , c, , e, f] = transform
  return random.pick([
    { size, transform },
    { size, transform },
    { size: [Math.ceil(rows / 2), Math.ceil(cols / 2)], transform: [2 * a, 0, c, 0, 2 * e, f] },
    { size, transform: [a, 0, c + 3.25 * a, 0, e, f - 2.25 * e] },
  ] as const)
}

async function itemOf(
  { id, properties, nirKey, quality }: ProductCase,
  files: Files,
  blocks: MemoryBlocks,
): Promise<JsonObject> {
  const asset = async (path: string) => {
    const cid = await blocks.add(new Uint8Array(await readFile(path)))
    return ipfsAsset(cid.toString())
  }
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id,
    geometry: null,
    properties: { datetime: '2023-07-23T14:12:31Z', ...properties },
    assets: {
      red: await asset(files.red),
      [nirKey]: await asset(files.nir),
      ...(quality === null || files.qa === null ? {} : { [quality.key]: await asset(files.qa) }),
    },
    links: [],
  }
}

const realScenes: readonly SceneName[] = [
  'l9-c2l2-manaus',
  'l8-c2l2-brumadinho-before',
  'l8-c2l2-southaustralia-098084',
  'l8-c2l1-corumba-before',
]

async function compareReal(name: SceneName, random: Random, rasterio: Rasterio): Promise<void> {
  const blocks = new MemoryBlocks()
  const item = await sceneItem(name, blocks)
  const path = (band: string) =>
    fileURLToPath(new URL(`../../fixtures/scenes/${name}/${band}.tif`, import.meta.url))
  const { levels, geoKeys } = await cogOf(await sceneFile(name, 'red'))
  const [{ width, height, transform }] = levels
  const projection = await openProjection(geoKeys)
  const site: Site = { epsg: 0, size: [height, width], transform, projection }
  const isMasked = name === 'l8-c2l2-southaustralia-098084'
  const product = productCases[name === 'l8-c2l1-corumba-before' ? 1 : 0]
  assert.ok(product)
  const quality = isMasked ? product.quality : null
  for (let request = 0; request < REQUESTS_PER_REAL_SCENE; request++) {
    const asked = randomRequest(site, maskClassesOf(quality), random)
    const theirs = await rasterio.answer({
      ...asked,
      red: path('red'),
      nir: path('nir08'),
      scale: scaleOf(product),
      fill: product.fill,
      saturation: product.saturation,
      ...maskedBy(quality, asked.mask ?? [], path('qa_pixel')),
    })
    await compare(item, asked, blocks, theirs, name)
  }
}

if (missing(rasterioRequirement) === null) compareAll()
else it('NDVI against a live rasterio', (t) => void skipWithout(t, rasterioRequirement))
