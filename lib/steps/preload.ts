// Loads the modules of the next steps while the first bytes are on their way: a cold start waits for the network.

import { once } from '../async/once.ts'
import { loadGeoKeyNames } from '../cog/geokey-names.ts'
import { loadDrawing } from '../figure/png.ts'
import { loadProj4 } from '../geo/proj4.ts'
import type { NdviRequest } from '../model/request.ts'

const drawing = once(loadDrawing)

/** Returns at once; an error in loading is thrown again where the module is used. */
export function warmUp({ outputs }: Pick<NdviRequest, 'outputs'>): void {
  const loads: Promise<unknown>[] = [loadGeoKeyNames(), loadProj4()]
  if (outputs.includes('figure')) loads.push(drawing())
  for (const load of loads) load.catch(() => undefined)
}
