// What is asked of the pair: three requests, and the scene that names the bands.

import type { NdviRequest } from '../../lib/model/request.ts'
import type { BandAsset, Scene } from '../../lib/model/scene.ts'
import type { PerBand } from './content.ts'
import type { GdalJob } from './gdal.ts'

/** @param mirrors addresses of plain copies of both bands */
export function sceneOf(roots: PerBand, mirrors: PerBand | null): Scene {
  const band = (key: keyof PerBand): BandAsset => ({
    key,
    band: null,
    content: { cid: roots[key], path: '' },
    mirrors: mirrors === null ? [] : [mirrors[key]],
  })
  return {
    id: 'bench',
    collection: null,
    datetime: null,
    platform: null,
    href: null,
    canonical: null,
    bbox: null,
    geometry: null,
    productNames: [],
    mentionedNames: [],
    gsd: null,
    product: { family: 'landsat', fill: 0, saturates: true },
    red: band('red'),
    nir: band('nir'),
    qa: null,
    properties: {},
    warnings: [],
  }
}

/** One thing to read, as we are asked for it and as GDAL is. */
export interface Task {
  readonly name: string
  readonly request: NdviRequest
  readonly gdal: Omit<GdalJob, 'urls'>
}

const common = {
  scale: 'l1toa',
  mask: [],
  colormap_name: 'rdylgn',
  rescale: [-1, 1],
  outputs: ['figure', 'item'],
} as const satisfies Partial<NdviRequest>

/**
 * The notebook's window, 106 x 88 px, where it lies on four tiles of each band: no place on the scene needs more
 * tiles, and nine in ten need fewer bytes.
 */
const notebookWindow = { col: 3800, row: 4060, cols: 106, rows: 88 } as const

const { col, row, cols, rows } = notebookWindow

export const tasks = {
  window: {
    name: `(a) the notebook's window: ${cols} x ${rows} px at full resolution, from column ${col}, row ${row}`,
    request: { ...common, max_size: 1024, bbox: [-56.47114, -20.91134, -56.44087, -20.88773] },
    gdal: { window: [col, row, cols, rows], shape: null },
  },
  overview: {
    name: '(b) the whole scene at 1,024 px',
    request: { ...common, max_size: 1024 },
    gdal: { window: null, shape: [962, 975] },
  },
  full: {
    name: '(c) the whole scene at full resolution',
    request: { ...common, max_size: 'full' },
    gdal: { window: null, shape: null },
  },
} as const satisfies Record<string, Task>
