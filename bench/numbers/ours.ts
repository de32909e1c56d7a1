// One NDVI job of ours as a process of its own, from blocks on this disk: what the numbers bench times.

import { readFile } from 'node:fs/promises'
import { readConfig } from '../../lib/config/config.ts'
import { isJsonObject } from '../../lib/model/json.ts'
import { outputKinds } from '../../lib/model/request.ts'
import { withoutRights } from '../../lib/model/run.ts'
import { computeNdvi } from '../../lib/pipeline.ts'
import { createServices } from '../../lib/services.ts'
import { peakMb } from './peak-memory.ts'

const [dataDir = '', itemPath = '', size = 'full', ...asked] = process.argv.slice(2)
const item: unknown = JSON.parse(await readFile(itemPath, 'utf8'))
if (!isJsonObject(item)) throw new TypeError(`${itemPath} holds no item`)

const services = createServices(
  // Nothing listens there: a block that is not on the disk ends the run.
  readConfig({ DATA_DIR: dataDir, MAX_PIXELS: '4000000000', IPFS_GATEWAYS: 'http://127.0.0.1:9' }),
)
const { statistics, assets, grid, proof } = await computeNdvi(
  {
    request: {
      item,
      // As the notebook has it, so that both compute the same numbers.
      scale: 'none',
      mask: [],
      max_size: size === 'full' ? 'full' : Number(size),
      colormap_name: 'rdylgn',
      rescale: [-1, 1],
      outputs: outputKinds.filter((kind) => asked.includes(kind)),
    },
    pin: false,
  },
  services,
  { fresh: true, tell: () => undefined, ...withoutRights },
  new AbortController().signal,
)
const { userCPUTime, systemCPUTime } = process.resourceUsage()
process.stdout.write(
  JSON.stringify({
    shape: grid.shape,
    statistics,
    assets,
    bytes: Object.values(proof.bands).reduce((sum, { bytes_read }) => sum + bytes_read, 0),
    cpu_ms: (userCPUTime + systemCPUTime) / 1000,
    peak_mb: await peakMb(),
  }),
)
