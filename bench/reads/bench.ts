// The reads part: what verification costs, beside GDAL that verifies nothing and the download of whole files.

import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { lacksRasterio, makePair } from '../pair.ts'
import { print, Verdicts } from '../part.ts'
import { type Bench, profileNames, V0, V1 } from './contenders.ts'
import type { PerBand } from './content.ts'
import { benchHanging, benchMirror } from './faults.ts'
import { benchFull } from './full.ts'
import { Gdal } from './gdal.ts'
import { compareHttpVersions } from './http2.ts'
import { benchKubo } from './kubo.ts'
import { benchOverview } from './overview.ts'
import { Servers } from './servers.ts'
import { benchWindow } from './window.ts'

export async function benchReads(): Promise<readonly string[]> {
  const absent = lacksRasterio()
  if (absent !== null) return [absent]
  const pair = await makePair()
  const sizes = await Promise.all([stat(pair.red), stat(pair.nir)])
  const servers = await Servers.start(pair)
  const gdal = await Gdal.start()
  const verdicts = new Verdicts()
  const absentParts: string[] = []
  const fileBytes = sizes.reduce((sum, { size }) => sum + size, 0)
  const bench: Bench = { servers, gdal, fileBytes, verdicts }
  try {
    await tellSetting(pair, bench)
    await benchWindow(bench)
    await benchOverview(bench)
    await benchFull(bench)
    await benchHanging(bench)
    await benchMirror(bench)
    await compareHttpVersions()
    absentParts.push(...(await benchKubo(bench, pair)))
  } finally {
    gdal.stop()
    servers.stop()
  }
  return [...verdicts.missed, ...absentParts]
}

async function tellSetting(pair: PerBand, { servers, gdal, fileBytes }: Bench): Promise<void> {
  print(`reads: two bands of 7800 x 7700 px, ${(fileBytes / 1e6).toFixed(1)} MB, mirror-tiled from`)
  print('a Landsat 8 crop by make_pair.py (Deflate, predictor 2, tiles of 256, overviews)')
  for (const profile of [V0, V1] as const) {
    const { red, nir } = servers.roots[profile]
    print(`  ${profileNames[profile]}: red ${red}, nir ${nir}`)
  }
  print(`  files in ${dirname(pair.red)}`)
  print(`  peer: ${gdal.version}, tuned, both bands at once, verifying nothing`)
  print('  modelled: latency before the first byte of every answer (none for a new connection),')
  print('  and the rate of each connection where one is named; the servers are another process')
  print('  times are medians; bytes, requests and requests in sequence are the most of any run')
}
