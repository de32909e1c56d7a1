// Whether the offset of a Sentinel-2 product is still to be taken off: docs/numbers.md#n7.

import type { Json } from '../model/json.ts'
import type { Scene } from '../model/scene.ts'
import { acquisitionDay } from './product.ts'

/** ESA: RADIO_ADD_OFFSET and BOA_ADD_OFFSET of -1000 from processing baseline 04.00, in force since this day. */
const OFFSET = -0.1
const BASELINE_0400_DAY = '2022-01-25'

export interface Sentinel2Offset {
  readonly offset: number
  readonly reason: string
  readonly warnings: readonly string[]
}

/** What says that the offset is in the numbers already (a property, the collection); null where nothing says so. */
export function offsetAppliedBy({
  collection,
  properties,
  product,
}: Pick<Scene, 'collection' | 'properties' | 'product'>): string | null {
  const saying = Object.entries(properties).find(
    ([name, value]) => /(^|:)boa_offset_applied$/.test(name) && isTrue(value),
  )
  if (saying !== undefined) return saying[0]
  // Earth Engine's COPERNICUS/S2_SR_HARMONIZED, and what is called so after it.
  const isHarmonized = product.family === 'sentinel-2' && /harmoni[sz]ed/i.test(collection ?? '')
  return isHarmonized ? `collection ${collection}` : null
}

function isTrue(value: Json | undefined): boolean {
  return value === true || value === 1 || (typeof value === 'string' && /^(true|1)$/i.test(value))
}

export function sentinel2Offset(scene: Scene): Sentinel2Offset {
  const applied = offsetAppliedBy(scene)
  if (applied !== null) {
    return { offset: 0, reason: `its offset already in the numbers (${applied})`, warnings: [] }
  }
  const told = baselineOf(scene)
  if (told === null) return offsetByDate(scene)
  const reason = `processing baseline ${told.baseline.toFixed(2).padStart(5, '0')}`
  return { offset: told.baseline >= 4 ? OFFSET : 0, reason, warnings: told.warnings }
}

interface Baseline {
  /** 4 for 04.00 */
  readonly baseline: number
  readonly warnings: readonly string[]
}

/** A property that tells it, else a product's name anywhere in the item; null where neither does. */
function baselineOf({ id, properties, productNames, mentionedNames }: Scene): Baseline | null {
  const stated = Object.entries(properties)
    .filter(([name]) => /(^|:)processing_baseline$/i.test(name) || name === 'processing:version')
    .flatMap(
      ([name, value]) => readBaseline(name.includes(':version') ? value : whole(value)) ?? [],
    )
  const names = [...productNames, ...mentionedNames]
  const named = names.flatMap((name) => readBaseline(/_N(\d{4})_/.exec(name)?.[1]) ?? [])
  const [baseline, ...others] = [...stated, ...named]
  if (baseline === undefined) return null
  const differing = others.filter((other) => other >= 4 !== baseline >= 4)
  if (differing.length === 0) return { baseline, warnings: [] }
  return {
    baseline,
    warnings: [
      `item ${id} names Sentinel-2 processing baselines on both sides of 04.00 (${[baseline, ...differing].join(', ')}): the first is taken`,
    ],
  }
}

/** What became of `05.10` and `N0500` where they were taken for numbers: `5.1`, `5`, 500. Versions of software are short, too. */
function whole(value: Json | undefined): Json | undefined {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : ''
  const [, four] = /^(\d{3,4})$/.exec(text) ?? []
  if (four !== undefined) return four.padStart(4, '0')
  const [, units, tenths = ''] = /^(\d{1,2})(?:\.(\d?))?$/.exec(text) ?? []
  return units === undefined ? value : `${units.padStart(2, '0')}.${tenths.padEnd(2, '0')}`
}

/** `04.00`, `N0400`, `0400`, 4 or 4.0. Sen2Cor, run by a user, writes 99.xx whatever it was given: it tells none, as 0. */
function readBaseline(value: Json | undefined): number | null {
  if (typeof value === 'number') return value > 0 && value < 99 ? value : null
  const [, whole, hundredths] =
    /^N?(\d{1,2})\.?(\d{2})$/i.exec(typeof value === 'string' ? value : '') ?? []
  const baseline = Number(`${whole}.${hundredths}`)
  return whole === undefined || whole === '99' || baseline === 0 ? null : baseline
}

function offsetByDate(scene: Scene): Sentinel2Offset {
  const day = (scene.datetime ?? acquisitionDay(scene) ?? '').slice(0, 10)
  const offset = day >= BASELINE_0400_DAY ? OFFSET : 0
  const told = day === '' ? 'no date' : `acquired ${day}`
  const looked =
    'looked for *:boa_offset_applied, *:processing_baseline, processing:version and _Nxxxx_ in a product name'
  return {
    offset,
    reason: `processing baseline unknown, ${told}`,
    warnings: [
      `the item does not tell its Sentinel-2 processing baseline (${looked}): offset ${offset} was chosen by the date (${told}; ${OFFSET} from ${BASELINE_0400_DAY})`,
    ],
  }
}
