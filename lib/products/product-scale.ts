// The scales that are known of whole products: rules 2 to 5 of docs/numbers.md#n5.

import type { LinearScale, Radiometry } from '../model/radiometry.ts'
import type { Scene } from '../model/scene.ts'
import {
  acquisitionDay,
  isLandsatCollection1,
  landsatCorrection,
  sensorOf,
  sentinel2Baseline,
  sentinel2Level,
} from './product.ts'

export interface RadiometryChoice {
  readonly radiometry: Radiometry
  readonly warnings: readonly string[]
}

/** USGS, Landsat Collection 2 Level-2 Science Product Guide: surface reflectance = DN * 0.0000275 - 0.2. */
export const L2SR: LinearScale = { scale: 2.75e-5, offset: -0.2 }
/** REFLECTANCE_MULT and REFLECTANCE_ADD of every OLI Level-1 MTL; without the sun's angle, which cancels in NDVI. */
export const L1TOA: LinearScale = { scale: 2e-5, offset: -0.1 }
/** HLS User Guide v2.0, table of band scale factors. */
const HLS: LinearScale = { scale: 1e-4, offset: 0 }
const SENTINEL_2_SCALE = 1e-4
/** ESA: RADIO_ADD_OFFSET and BOA_ADD_OFFSET of -1000 from processing baseline 04.00, in force since this day. */
const SENTINEL_2_OFFSET = -0.1
const BASELINE_0400_DAY = '2022-01-25'

/** The scale of the scene's product, or null where no rule knows it. */
export function productScale(scene: Scene): RadiometryChoice | null {
  return landsatSurface(scene) ?? oliLevel1(scene) ?? hls(scene) ?? sentinel2(scene)
}

/** One scale for both bands. */
export function forBothBands(
  applied: Radiometry['applied'],
  scale: LinearScale,
  reason: string,
): RadiometryChoice {
  return { radiometry: { applied, red: scale, nir: scale, reason }, warnings: [] }
}

/** Rule 2. The level names L2SP and L2SR began with Collection 2. */
function landsatSurface(scene: Scene): RadiometryChoice | null {
  if (scene.product.family !== 'landsat' || isLandsatCollection1(scene)) return null
  const correction = landsatCorrection(scene)
  if (correction !== 'L2SP' && correction !== 'L2SR') return null
  return forBothBands(
    'l2sr',
    L2SR,
    `The item is Landsat Collection 2 surface reflectance (${correction}).`,
  )
}

/** Rule 3. */
function oliLevel1(scene: Scene): RadiometryChoice | null {
  if (scene.product.family !== 'landsat' || sensorOf(scene) !== 'oli') return null
  const correction = landsatCorrection(scene)
  if (!/^L1(TP|GT|GS)$/.test(correction)) return null
  return forBothBands('l1toa', L1TOA, `The item is Landsat 8/9 OLI Level-1 (${correction}).`)
}

/** Rule 4. */
function hls({ product }: Scene): RadiometryChoice | null {
  return product.family === 'hls'
    ? forBothBands('hls', HLS, 'The item is HLS surface reflectance.')
    : null
}

/** Rule 5. */
function sentinel2(scene: Scene): RadiometryChoice | null {
  if (scene.product.family !== 'sentinel-2') return null
  const level = sentinel2Level(scene)
  if (level === '') return null
  const { offset, reason, warnings } = sentinel2Offset(scene)
  const chosen = forBothBands(
    's2',
    { scale: SENTINEL_2_SCALE, offset },
    `The item is Sentinel-2 ${level}, ${reason}.`,
  )
  return { ...chosen, warnings }
}

function sentinel2Offset(scene: Scene): { offset: number; reason: string; warnings: string[] } {
  if (scene.properties['earthsearch:boa_offset_applied'] === true) {
    return {
      offset: 0,
      reason: 'its offset already in the numbers (earthsearch:boa_offset_applied)',
      warnings: [],
    }
  }
  const baseline = sentinel2Baseline(scene)
  if (baseline !== null) {
    const reason = `processing baseline ${baseline.toFixed(2).padStart(5, '0')}`
    return { offset: baseline >= 4 ? SENTINEL_2_OFFSET : 0, reason, warnings: [] }
  }
  const day = (scene.datetime ?? acquisitionDay(scene.id) ?? '').slice(0, 10)
  const after = day >= BASELINE_0400_DAY
  const told = day === '' ? 'no date' : `acquired ${day}`
  return {
    offset: after ? SENTINEL_2_OFFSET : 0,
    reason: `processing baseline unknown, ${told}`,
    warnings: [
      `the item does not tell its Sentinel-2 processing baseline: offset ${after ? SENTINEL_2_OFFSET : 0} was chosen by the date (${told}; -0.1 from ${BASELINE_0400_DAY})`,
    ],
  }
}
