// One composite of ours as a process of its own, from blocks on this disk: what the composite bench times.

import { readFile } from 'node:fs/promises'
import { composeScenes } from '../../lib/composite.ts'
import { readConfig } from '../../lib/config/config.ts'
import { compositeMethods } from '../../lib/model/composite.ts'
import { isJsonObject, type JsonObject } from '../../lib/model/json.ts'
import { unlimited } from '../../lib/model/run.ts'
import { createServices } from '../../lib/services.ts'
import { keepItems } from '../../lib/steps/keep-inputs.ts'
import { peakMb } from '../numbers/peak-memory.ts'

const [dataDir = '', itemPath = '', count = '24', method = ''] = process.argv.slice(2)
const item: unknown = JSON.parse(await readFile(itemPath, 'utf8'))
if (!isJsonObject(item)) throw new TypeError(`${itemPath} holds no item`)
const reduce = compositeMethods.find((known) => known === method) ?? 'max_ndvi'

/** The same pair on another day; on every third day the bands change places, so that values differ. */
function onDay(source: JsonObject, day: number): JsonObject {
  const assets = isJsonObject(source['assets']) ? source['assets'] : {}
  const [red = {}, nir = {}] = [assets['red'], assets['nir08']]
  const datetime = new Date(Date.UTC(2023, 0, 1 + day)).toISOString()
  return {
    ...source,
    id: `scene-${String(day).padStart(2, '0')}`,
    properties: { datetime, platform: 'landsat-9' },
    assets: day % 3 < 2 ? { red, nir08: nir } : { red: nir, nir08: red },
  }
}

const { signal } = new AbortController()
const services = createServices(
  // Nothing listens there: a block that is not on the disk ends the run.
  readConfig({ DATA_DIR: dataDir, MAX_PIXELS: '4000000000', IPFS_GATEWAYS: 'http://127.0.0.1:9' }),
)
const days = Array.from({ length: Number(count) }, (_, day) => [onDay(item, day)])
const result = await composeScenes(
  {
    kind: 'composite',
    request: {
      items: await keepItems(days, services, signal),
      reduce,
      scale: 'none',
      mask: [],
      max_size: 'full',
      colormap_name: 'rdylgn',
      rescale: [-1, 1],
      outputs: ['figure', 'cog', 'item'],
    },
    pin: false,
  },
  services,
  { ...unlimited, fresh: true, tell: () => undefined },
  signal,
)
const { userCPUTime, systemCPUTime } = process.resourceUsage()
process.stdout.write(
  JSON.stringify({
    shape: result.grid.shape,
    mean: result.statistics['ndvi']?.mean,
    sources: result.sources?.map(({ pixels }) => pixels),
    bytes: Object.values(result.assets).reduce((sum, { size }) => sum + size, 0),
    cpu_ms: (userCPUTime + systemCPUTime) / 1000,
    peak_mb: await peakMb(),
  }),
)
