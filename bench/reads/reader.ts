// Greenprint's own reading, put together as lib/services.ts does it, with caches that can be emptied.

import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../lib/async/clock.ts'
import { readSamples } from '../../lib/cog/rows.ts'
import { createHttpCopy } from '../../lib/copies/http-copy.ts'
import { type Blocks, createBlocks } from '../../lib/ipfs/blocks.ts'
import { createGateway } from '../../lib/ipfs/gateway.ts'
import { Prefetcher } from '../../lib/ipfs/prefetch.ts'
import { BlockRace } from '../../lib/ipfs/race.ts'
import { createBlockStore } from '../../lib/kept/block-store.ts'
import type { NdviRequest } from '../../lib/model/request.ts'
import type { Scene } from '../../lib/model/scene.ts'
import { createHttp } from '../../lib/net/http.ts'
import { wholeAxis } from '../../lib/pixels/axis.ts'
import { createSigner } from '../../lib/signing/signer.ts'
import { applyRules } from '../../lib/steps/apply-rules.ts'
import { chooseRules } from '../../lib/steps/choose-rules.ts'
import { computePixels } from '../../lib/steps/compute-pixels.ts'
import { openBands } from '../../lib/steps/open-bands.ts'
import { type SelectedWindow, selectWindow } from '../../lib/steps/select-window.ts'
import { createDiskStore } from '../../lib/store/disk/disk.ts'
import { createDiskCache } from '../../lib/store/disk/disk-cache.ts'
import { openScratch } from '../../lib/store/disk/scratch.ts'

/** As in lib/services.ts. */
const CACHE_BYTES = 64 * 1024 * 1024
const DISK_CACHE_BYTES = 256 * 1024 * 1024

const never = new AbortController().signal
const unsigned = createSigner([], createHttp({ allowedHosts: [], allowPrivate: true }), systemClock)

export interface Reading {
  /** From nothing opened to NDVI, its statistics and the picture to draw. */
  readonly ms: number
  /** Of the whole process meanwhile, all threads. */
  readonly cpuMs: number
  readonly selected: SelectedWindow
  /** Blocks by who served them, over both bands. */
  readonly sources: ReadonlySet<string>
  /** SHA-256 of the raw pixels of each band, as gdal.py hashes them; read again from the caches. */
  readonly digests: () => Promise<readonly string[]>
  /** Forgets all that was cached; what the store holds stays. */
  readonly close: () => Promise<void>
}

/** One process's knowledge of its gateways: scores, who serves CARs wrongly, connections. */
export class Reader {
  readonly #http = createHttp({ allowedHosts: [], allowPrivate: true })
  readonly #gateways
  readonly #network: BlockRace
  readonly #prefetcher: Pick<Prefetcher, 'plan'>

  /** @param cars whether ranges of a window are asked for as CARs too, or the front of a file alone */
  constructor(urls: readonly string[], cars: 'all' | 'opening' = 'all') {
    const gateways = urls.map((url) => ({ url, headers: {} }))
    this.#gateways = gateways.map((gateway) => createGateway(gateway, this.#http, systemClock))
    this.#network = new BlockRace(this.#gateways, systemClock)
    const prefetcher = new Prefetcher(this.#gateways, this.#network, systemClock)
    this.#prefetcher = cars === 'all' ? prefetcher : openingsOf(prefetcher)
  }

  /** @param storeFolder of a store that outlives the reading; none keeps nothing */
  async read(scene: Scene, request: NdviRequest, storeFolder: string | null): Promise<Reading> {
    const cacheFolder = await mkdtemp(join(tmpdir(), 'greenprint-bench-'))
    const blocks = this.#blocks(cacheFolder, storeFolder ?? join(cacheFolder, 'store'))
    const openCopy = (href: string) => createHttpCopy(href, this.#http, unsigned, systemClock)
    const started = performance.now()
    const cpu = process.cpuUsage()
    // What follows is lib/pipeline.ts, from the bands to their NDVI.
    const rules = chooseRules(scene, request)
    const content = { scene, rules, found: {} }
    const bands = await openBands(content, request, { blocks, openCopy }, true, never)
    await using reads = bands.reads
    const selected = await selectWindow(bands, scene, request, rules.masking, 100_000_000, never)
    const applied = applyRules(bands, rules, scene)
    const scratch = openScratch(join(cacheFolder, 'scratch'))
    await computePixels(
      selected,
      applied.pixels,
      { request, scratch, onRows: () => undefined },
      never,
    )
    const ms = performance.now() - started
    const { user, system } = process.cpuUsage(cpu)
    reads.succeeded()
    const { red, nir } = bands
    return {
      ms,
      cpuMs: (user + system) / 1000,
      selected,
      sources: new Set(
        [red, nir].flatMap((band) =>
          band.trust === 'transport' ? [] : Object.keys(band.reading.ledger.totals.sources),
        ),
      ),
      digests: () => hashPixels(selected),
      async close() {
        await blocks.settle()
        await rm(cacheFolder, { recursive: true, force: true })
      },
    }
  }

  #blocks(cacheFolder: string, storeFolder: string): Blocks {
    const store = createBlockStore(createDiskStore(storeFolder))
    return createBlocks({
      own: [store],
      keep: (cid, block) => store.put(cid, block, never),
      disk: createDiskCache(join(cacheFolder, 'cache'), DISK_CACHE_BYTES),
      prefetcher: this.#prefetcher,
      network: this.#network,
      cacheBytes: CACHE_BYTES,
    })
  }
}

/** What lies at the front alone, as before there were CARs of a window. */
function openingsOf(prefetcher: Prefetcher): Pick<Prefetcher, 'plan'> {
  return {
    plan: (cid, ranges, session, signal) =>
      ranges[0]?.offset === 0 ? prefetcher.plan(cid, ranges, session, signal) : null,
  }
}

/** SHA-256 of the raw pixels of each band, as gdal.py hashes them. */
export async function hashPixels({ window }: SelectedWindow): Promise<string[]> {
  const digests: string[] = []
  for (const level of [window.red, window.nir]) {
    const samples = await readSamples(
      level,
      wholeAxis(window.rowsAt),
      wholeAxis(window.colsAt),
      never,
    )
    digests.push(createHash('sha256').update(samples).digest('hex'))
  }
  return digests
}
