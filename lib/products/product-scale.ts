// The scales that are known of whole products: docs/numbers.md#n5, rules 2 to 6.

import type { LinearScale, RadiometryRule } from '../model/radiometry.ts'
import type { Scene } from '../model/scene.ts'
import { isLandsatCollection1, landsatCorrection, sensorOf, sentinel2Level } from './product.ts'
import { sentinel2Offset } from './sentinel2-offset.ts'

export interface RadiometryChoice {
  readonly rule: RadiometryRule
  readonly warnings: readonly string[]
}

/** USGS, Landsat Collection 2 Level-2 Science Product Guide: surface reflectance = DN * 0.0000275 - 0.2. */
export const L2SR: LinearScale = { scale: 2.75e-5, offset: -0.2 }
/** REFLECTANCE_MULT and REFLECTANCE_ADD of every OLI Level-1 MTL; without the sun's angle, which cancels in NDVI. */
export const L1TOA: LinearScale = { scale: 2e-5, offset: -0.1 }
/** HLS User Guide v2.0, table of band scale factors. */
const HLS: LinearScale = { scale: 1e-4, offset: 0 }
/** Geoscience Australia, Surface Reflectance NBART Collection 3: scale factor 10000. */
const GA_ARD: LinearScale = { scale: 1e-4, offset: 0 }
const SENTINEL_2_SCALE = 1e-4

/** The scale of the scene's product, or null where no rule knows it. Each is of integers: floats hold reflectance. */
export function productScale(scene: Scene): RadiometryChoice | null {
  return landsatSurface(scene) ?? oliLevel1(scene) ?? hls(scene) ?? gaArd(scene) ?? sentinel2(scene)
}

/** One scale for both bands. */
export function forBothBands(
  applied: RadiometryRule['applied'],
  when: RadiometryRule['when'],
  scale: LinearScale,
  reason: string,
): RadiometryChoice {
  return { rule: { applied, when, red: scale, nir: scale, reason }, warnings: [] }
}

/** The level names L2SP and L2SR began with Collection 2. */
function landsatSurface(scene: Scene): RadiometryChoice | null {
  if (scene.product.family !== 'landsat' || isLandsatCollection1(scene)) return null
  const correction = landsatCorrection(scene)
  if (correction !== 'L2SP' && correction !== 'L2SR') return null
  const reason = `The item is Landsat Collection 2 surface reflectance (${correction}).`
  return forBothBands('l2sr', 'integers', L2SR, reason)
}

function oliLevel1(scene: Scene): RadiometryChoice | null {
  if (scene.product.family !== 'landsat' || sensorOf(scene) !== 'oli') return null
  const correction = landsatCorrection(scene)
  if (!/^L1(TP|GT|GS)$/.test(correction)) return null
  const reason = `The item is Landsat 8/9 OLI Level-1 (${correction}).`
  return forBothBands('l1toa', 'integers', L1TOA, reason)
}

function hls({ product }: Scene): RadiometryChoice | null {
  if (product.family !== 'hls') return null
  return forBothBands('hls', 'integers', HLS, 'The item is HLS surface reflectance.')
}

function gaArd({ product }: Scene): RadiometryChoice | null {
  if (product.family !== 'ga-ard') return null
  const reason = 'The item is analysis-ready data of Geoscience Australia.'
  return forBothBands('ga', 'integers', GA_ARD, reason)
}

function sentinel2(scene: Scene): RadiometryChoice | null {
  if (scene.product.family !== 'sentinel-2') return null
  const level = sentinel2Level(scene)
  if (level === '') return null
  const { offset, reason, warnings } = sentinel2Offset(scene)
  const scale = { scale: SENTINEL_2_SCALE, offset }
  const { rule } = forBothBands(
    's2',
    'integers',
    scale,
    `The item is Sentinel-2 ${level}, ${reason}.`,
  )
  return { rule, warnings }
}
