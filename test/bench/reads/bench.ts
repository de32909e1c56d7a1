// The reads part: what verification costs, beside GDAL that verifies nothing and the download of whole files.

import { stat } from 'node:fs/promises'
import { print, Verdicts } from '../part.ts'
import type { Bench } from './contenders.ts'
import { Gdal } from './gdal.ts'
import { hasRasterio, makePair, PYTHON } from './pair.ts'
import { Servers } from './servers.ts'
import { benchWindow } from './window.ts'

export async function benchReads(): Promise<readonly string[]> {
  if (!(await hasRasterio())) {
    const absent = `ABSENT: rasterio for ${PYTHON} (apt-get install python3-rasterio): it makes the files and is the peer. NOTHING WAS MEASURED.`
    print(absent)
    return [absent]
  }
  const pair = await makePair()
  const sizes = await Promise.all([stat(pair.red), stat(pair.nir)])
  const servers = await Servers.start(pair)
  const gdal = await Gdal.start()
  const verdicts = new Verdicts()
  const fileBytes = sizes.reduce((sum, { size }) => sum + size, 0)
  const bench: Bench = { servers, gdal, fileBytes, verdicts }
  try {
    print(`peer: ${gdal.version}`)
    await benchWindow(bench)
  } finally {
    gdal.stop()
    servers.stop()
  }
  return verdicts.missed
}
