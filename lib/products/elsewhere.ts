// Where the same scene lies in a format that is read here: Earth Search's Cloud Optimized GeoTIFFs of Sentinel-2.

import { asText } from '../model/json.ts'
import type { Described } from './product.ts'

const API = 'https://earth-search.aws.element84.com/v1'

interface Tile {
  /** `S2B` */
  readonly mission: string
  /** Of the military grid, `20MRB`. */
  readonly tile: string
  /** `2023-07-23` */
  readonly day: string
}

/**
 * One sentence with the searches that find it, as POST /ndvi takes them; null where nothing is known of it.
 *
 * The id is made as that catalogue makes it; its last number counts the products of one tile and day from 0.
 * https://github.com/Element84/earth-search
 */
export function cogsElsewhere(item: Described): string | null {
  const found = tileOf(item)
  if (found === null) return null
  const { mission, tile, day } = found
  const id = `${mission}_${tile}_${day.replaceAll('-', '')}_0_L2A`
  const byId = { search: { api: API, collections: ['sentinel-2-l2a'], ids: [id] } }
  const query = { 'grid:code': { eq: `MGRS-${tile}` } }
  const byTile = {
    search: { api: API, collections: ['sentinel-2-c1-l2a'], datetime: day, query },
  }
  return `Earth Search has the same scene as Cloud Optimized GeoTIFFs: ask with ${JSON.stringify(byId)}, or of Collection 1 with ${JSON.stringify(byTile)}.`
}

function tileOf({ productNames, properties }: Described): Tile | null {
  for (const name of productNames) {
    const [, mission, date, tile] =
      /^(S2[A-D])_MSIL[12][AC]_(\d{8})T\d{6}_N\d{4}_R\d{3}_T(\d{2}[A-Z]{3})_/.exec(name) ?? []
    if (mission === undefined || date === undefined || tile === undefined) continue
    return { mission, tile, day: date.replace(/(....)(..)(..)/, '$1-$2-$3') }
  }
  const { platform, datetime } = properties
  const letter = /^sentinel-2([a-d])$/i.exec(asText(platform))?.[1]
  const tile = /^MGRS-(\d{1,2}[A-Z]{3})$/.exec(asText(properties['grid:code']))?.[1]
  const day = /^\d{4}-\d{2}-\d{2}/.exec(asText(datetime))?.[0]
  if (letter === undefined || tile === undefined || day === undefined) return null
  return { mission: `S2${letter.toUpperCase()}`, tile, day }
}
