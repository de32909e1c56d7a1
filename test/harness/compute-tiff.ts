// What the pipeline does with a file as both of its bands: all pixels at full resolution, for a figure and its numbers.

import { openCog } from '../../lib/cog/cog.ts'
import { GreenprintError } from '../../lib/errors.ts'
import { everything } from '../../lib/pixels/selection.ts'
import { chooseWindow } from '../../lib/pixels/window.ts'
import { computePixels } from '../../lib/steps/compute-pixels.ts'
import type { SelectedWindow } from '../../lib/steps/select-window.ts'
import { memoryFile } from './memory-file.ts'
import { memoryScratch } from './scratch.ts'

const MAX_PIXELS = 100_000_000
const band = { scale: 1, offset: 0, fill: [], saturation: null }
const rules = { red: band, nir: band, minimumDenominator: 1 }

/** How many pixels there are, or the words of the refusal. */
export async function computeTiff(
  bytes: Uint8Array<ArrayBuffer>,
  outputs: readonly ('figure' | 'item' | 'layer' | 'cog')[] = ['figure', 'item'],
): Promise<string> {
  const { signal } = new AbortController()
  await using scratch = memoryScratch()
  try {
    const cog = await openCog(memoryFile(bytes), signal)
    const window = chooseWindow(cog, cog, null, 'full', MAX_PIXELS)
    const selected: Pick<SelectedWindow, 'window' | 'selection' | 'geoKeys' | 'pictures'> = {
      window,
      selection: everything,
      geoKeys: { keys: cog.geoKeys, raw: cog.rawGeoKeys },
      pictures: { layer: null, figure: null },
    }
    const request = { rescale: [-1, 1], colormap_name: 'rdylgn', outputs } as const
    const sinks = { request, source: cog, scratch, onRows: () => undefined }
    const { statistics } = await computePixels(selected, rules, sinks, signal)
    return `${statistics.total_count} px`
  } catch (error) {
    if (!(error instanceof GreenprintError)) throw error
    return error.message
  }
}
