// Decides how raw numbers become reflectance, and says why: the rules of docs/numbers.md#n5.

import { GreenprintError } from '../errors.ts'
import type { LinearScale, ScaleMode } from '../model/radiometry.ts'
import type { Scene } from '../model/scene.ts'
import { forBothBands, L1TOA, L2SR, productScale, type RadiometryChoice } from './product-scale.ts'

const RAW: LinearScale = { scale: 1, offset: 0 }

const ASK =
  'say "scale": "l2sr" (Landsat surface reflectance) or "l1toa" (Landsat 8/9 Level-1), or give an item with raster:bands scale and offset'

const asAsked: Readonly<Record<'l2sr' | 'l1toa' | 'none', RadiometryChoice>> = {
  l2sr: forBothBands('l2sr', L2SR, 'The request asks for the Landsat Collection 2 Level-2 scale.'),
  l1toa: forBothBands('l1toa', L1TOA, 'The request asks for the Landsat 8/9 Level-1 scale.'),
  none: forBothBands('none', RAW, 'The request asks for raw numbers.'),
}

/**
 * The scale of both bands under the mode asked for; `auto` takes the first rule that fires.
 *
 * @throws {GreenprintError} `radiometry_unknown` for mode `stac` on an item that names no scale of reflectance for
 *   both bands
 */
export function chooseRadiometry(scene: Scene, mode: ScaleMode): RadiometryChoice {
  if (mode === 'auto') return automatic(scene)
  return mode === 'stac' ? forcedStac(scene) : asAsked[mode]
}

function automatic(scene: Scene): RadiometryChoice {
  const stated = fromItem(scene)
  if (typeof stated !== 'string') return stated
  const found = productScale(scene) ?? raw(stated)
  const oneSided = (scene.red.scale === undefined) !== (scene.nir.scale === undefined)
  const warnings = oneSided ? [`${stated}: it is not used`, ...found.warnings] : found.warnings
  return { radiometry: found.radiometry, warnings }
}

function forcedStac(scene: Scene): RadiometryChoice {
  const stated = fromItem(scene)
  if (typeof stated !== 'string') return stated
  throw new GreenprintError(
    'radiometry_unknown',
    `The scale of item ${scene.id} cannot be taken from its metadata: ${stated}. Ask for "scale": "auto", "l2sr", "l1toa" or "none".`,
  )
}

/** Rule 1, or a clause that says why it does not fire. */
function fromItem({ red, nir, properties }: Scene): RadiometryChoice | string {
  const radiance = [red, nir].find(({ unit }) => unit !== undefined && isRadiance(unit))
  if (red.scale === undefined && nir.scale === undefined) {
    return 'the item names no scale for its red and near-infrared bands'
  }
  if (red.scale === undefined || nir.scale === undefined) {
    const [has, lacks] = red.scale === undefined ? [nir, red] : [red, nir]
    return `the item names a scale for "${has.key}" but none for "${lacks.key}"`
  }
  if (radiance !== undefined) {
    return `the scale of "${radiance.key}" leads to radiance (${radiance.unit}), not to reflectance`
  }
  const applied = properties['earthsearch:boa_offset_applied'] === true
  const reason = applied
    ? 'Both bands carry a scale in the item, and earthsearch:boa_offset_applied says that the offset is already in the numbers.'
    : 'Both bands carry a scale in the item.'
  const without = ({ scale, offset }: LinearScale) => ({ scale, offset: applied ? 0 : offset })
  return {
    radiometry: { applied: 'stac', red: without(red.scale), nir: without(nir.scale), reason },
    warnings: [],
  }
}

/** Rule 6. */
function raw(stated: string): RadiometryChoice {
  const reason = `${stated[0]?.toUpperCase()}${stated.slice(1)}, and its product is none whose scale is known here.`
  const { radiometry } = forBothBands('none', RAW, reason)
  return { radiometry, warnings: [`NDVI is of raw numbers, not of reflectance: ${ASK}`] }
}

/** Spectral radiance by its word or by its solid angle: `W⋅sr−1⋅m−3`, `watt/steradian/square_meter/micrometer`. */
function isRadiance(unit: string): boolean {
  return /radiance|steradian|w.*[^a-z]sr([^a-z]|$)/i.test(unit)
}
