// The composite part: 24 whole scenes as one raster by us, and by rasterio and numpy; peak memory and time.

import { fileURLToPath } from 'node:url'
import { nodeOptions } from '../../infra/node-options.ts'
import { PYTHON } from '../../test/harness/requires.ts'
import { importPair } from '../numbers/disk.ts'
import { runJob } from '../numbers/processes.ts'
import { lacksRasterio, makePair, SCENE } from '../pair.ts'
import { print, printTable, Verdicts } from '../part.ts'

const SCENES = 24
const MOST_MB = 700
const script = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Prints what it measured. @returns the targets that were missed */
export async function benchComposite(): Promise<readonly string[]> {
  const absent = lacksRasterio()
  if (absent !== null) return [absent]
  const verdicts = new Verdicts()
  const pair = await makePair(SCENE)
  const { dataDir, item } = await importPair(pair, SCENE.join('x'))
  print(
    `\ncomposite: ${SCENES} scenes of ${SCENE.join(' x ')} px from local blocks, every byte hashed;`,
  )
  print(
    'whole processes, warm page cache: figure, COG with overviews, source dates and item against',
  )
  print('rasterio, numpy and two plain GeoTIFFs')
  const pixels = SCENES * SCENE[0] * SCENE[1]
  for (const method of ['max_ndvi', 'median', 'latest_valid']) {
    const ours = await runJob({
      name: `greenprint, ${method}`,
      command: process.execPath,
      args: [script('ours.ts'), dataDir, item, String(SCENES), method],
      environment: { NODE_OPTIONS: nodeOptions },
    })
    const theirs = await runJob({
      name: `numpy, ${method}`,
      command: PYTHON,
      args: [script('composite.py'), pair.red, pair.nir, String(SCENES), method],
    })
    const row = (name: string, { wallMs, cpuMs, peakMb }: typeof ours) => [
      name,
      `${(wallMs / 1000).toFixed(1)} s`,
      `${(cpuMs / 1000).toFixed(1)} s`,
      `${peakMb.toFixed(0)} MB`,
      `${(pixels / wallMs / 1000).toFixed(1)} Mpx/s`,
    ]
    printTable(
      [method, 'wall', 'CPU', 'peak', 'of all scenes'],
      [row('greenprint', ours), row('rasterio, numpy', theirs)],
    )
    const [mean, other] = [Number(ours.told['mean']), Number(theirs.told['mean'])]
    verdicts.holds(`${method}: the same mean, ${mean}`, Math.abs(mean - other) < 1e-7)
    verdicts.atMost(`${method}: peak memory`, ours.peakMb, MOST_MB, ' MB')
    verdicts.atMost(`${method}: wall time, of numpy’s`, ours.wallMs / theirs.wallMs, 1)
  }
  return verdicts.missed
}
