// Progress over the rows of a window: how many are done, and what was read for them.

import type { ReadSoFar, Tell } from '../model/progress.ts'
import type { Bands, OpenBand } from './open-bands.ts'

type Totals = Required<ReadSoFar>
type Reading = Pick<Bands, 'red' | 'nir' | 'qa'>

/** For the sinks of drawBands. @param scenes the bands of each */
export function tellRows(tell: Tell, scenes: readonly Reading[]): (share: number) => void {
  return (share) => tell('ndvi', share, readSoFar(scenes))
}

function readSoFar(scenes: readonly Reading[]): Totals {
  const open = scenes.flatMap(({ red, nir, qa }) => (qa === null ? [red, nir] : [red, nir, qa]))
  const sources: Record<string, number> = {}
  let [bytes, blocks] = [0, 0]
  for (const totals of open.map(totalsOf)) {
    bytes += totals.bytes
    blocks += totals.blocks
    for (const [source, count] of Object.entries(totals.sources))
      sources[source] = (sources[source] ?? 0) + count
  }
  return { bytes, blocks, sources }
}

function totalsOf(band: OpenBand): Totals {
  if (band.trust === 'transport') return { bytes: band.file.bytesRead, blocks: 0, sources: {} }
  const { bytes_read: bytes, blocks, sources } = band.reading.ledger.totals
  return { bytes, blocks, sources }
}
