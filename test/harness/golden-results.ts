// Results whose every byte is known: each kind of file, made of scenes that lie here. Run by itself it prints them.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureChange } from '../../lib/change.ts'
import { composeScenes } from '../../lib/composite.ts'
import { readConfig } from '../../lib/config/config.ts'
import type { Cid } from '../../lib/ipld/cid.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { unlimited } from '../../lib/model/run.ts'
import { computeNdvi } from '../../lib/pipeline.ts'
import { readNdviBody } from '../../lib/request/read.ts'
import { readChangeBody } from '../../lib/request/read-change.ts'
import { readCompositeBody } from '../../lib/request/read-composite.ts'
import { sampleItem } from '../../lib/sample/sample.ts'
import { createServices } from '../../lib/services.ts'
import { keepItems } from '../../lib/steps/keep-inputs.ts'
import { MemoryBlocks } from './blocks.ts'
import { type GoldenDirectory, goldenSeries } from './golden-series.ts'
import { assetsOf, sceneItem } from './items.ts'

export interface GoldenResult {
  readonly root: string
  /** CIDs by the file's name. */
  readonly files: Readonly<Record<string, string>>
}

const all = ['figure', 'layer', 'cog', 'item']
const triangle: JsonObject = {
  type: 'Polygon',
  coordinates: [
    [
      [136.5, -35.4],
      [138.5, -35],
      [137.2, -33.8],
      [136.5, -35.4],
    ],
  ],
}

/** With the CID of each block, for a store. */
class StoredBlocks extends MemoryBlocks {
  readonly added: (readonly [Cid, Uint8Array<ArrayBuffer>])[] = []

  override put(cid: Cid, bytes: Uint8Array<ArrayBuffer>): void {
    super.put(cid, bytes)
    this.added.push([cid, bytes])
  }
}

/** By what is asked. */
export async function goldenResults(): Promise<Record<string, GoldenResult>> {
  const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
  const { signal } = new AbortController()
  try {
    const services = createServices(
      readConfig({ DATA_DIR: folder, IPFS_GATEWAYS: 'http://127.0.0.1:9' }),
    )
    const blocks = new StoredBlocks()
    const australia = await sceneItem('l8-c2l2-southaustralia-098084', blocks)
    const sentinel = {
      ...(await sceneItem('s2-l2a-29RKH', blocks, 'unixfs-v1-2025')),
      properties: { datetime: '2023-02-19T23:30:00-04:00', 's2:processing_baseline': '05.09' },
    }
    for (const [cid, bytes] of blocks.added) await services.store.put(cid, bytes, signal)
    const requests: Readonly<Record<string, JsonObject>> = {
      'the sample': { item: await sampleItem() },
      'the sample from an overview, in other colours': {
        item: await sampleItem(),
        max_size: 300,
        colormap_name: 'viridis',
        rescale: [0, 0.8],
        outputs: all,
      },
      'a polygon of a Landsat scene, clouds and water masked': {
        item: australia,
        geometry: triangle,
        mask: ['clouds', 'water'],
        outputs: all,
      },
      'a Sentinel-2 scene with an offset, decimated': {
        item: sentinel,
        max_size: 200,
        outputs: all,
      },
      'raw numbers': { item: australia, scale: 'none', outputs: all },
    }
    const run = { fresh: true, tell: () => undefined, ...unlimited }
    const results: Record<string, GoldenResult> = {}
    for (const [name, body] of Object.entries(requests)) {
      const { request } = readNdviBody(body)
      const result = await computeNdvi({ request, pin: false }, services, run, signal)
      results[name] = goldenOf(result)
    }
    const [before, after] = [await sampleItem(), otherDay(await sampleItem())]
    const style = { max_size: 300, outputs: all }
    const pair = readChangeBody({ before: { item: before }, after: { item: after }, ...style })
    results['a change'] = goldenOf(
      await measureChange({ kind: 'change', ...pair, pin: false }, services, run, signal),
    )
    const items = await keepItems([[before], [after]], services, signal)
    const { request } = readCompositeBody({ search: {}, ...style, layer_crs: 'EPSG:3857' })
    const { search: _, ...asked } = request
    const order = { kind: 'composite', request: { ...asked, items }, pin: false } as const
    results['a composite'] = goldenOf(await composeScenes(order, services, run, signal))
    const store = join(folder, 'series')
    const { zones, series } = await goldenSeries([before, after], store, signal)
    results['the zones of two days'] = goldenOf(zones)
    results['a series'] = goldenOf(series)
    await services.settle()
    return results
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function goldenOf({ root, assets }: GoldenDirectory): GoldenResult {
  const files = Object.values(assets).map(({ file, cid }) => [file, cid] as const)
  return { root, files: Object.fromEntries(files.toSorted(byName)) }
}

/** A scene of the same place a week later, where all that was green is not. */
function otherDay(item: JsonObject): JsonObject {
  const { red = null, nir08 = null, ...assets } = assetsOf(item)
  return {
    ...item,
    id: 'another-day',
    properties: { ...Object(item['properties']), datetime: '2023-07-30T14:12:31Z' },
    assets: { ...assets, red: nir08, nir08: red },
  }
}

function byName([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one < other ? -1 : 1
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await goldenResults(), null, 2)}\n`)
