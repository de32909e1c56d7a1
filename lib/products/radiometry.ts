// Decides how raw numbers become reflectance, and says why: docs/numbers.md#n5.

import { GreenprintError } from '../errors.ts'
import type { LinearScale, ScaleMode } from '../model/radiometry.ts'
import type { BandAsset, Scene } from '../model/scene.ts'
import { forBothBands, L1TOA, L2SR, productScale, type RadiometryChoice } from './product-scale.ts'
import { offsetAppliedBy, sentinel2Offset } from './sentinel2-offset.ts'

const RAW: LinearScale = { scale: 1, offset: 0 }

const ASK =
  'say "scale": "l2sr" (Landsat surface reflectance) or "l1toa" (Landsat 8/9 Level-1), or give an item with raster:bands scale and offset'

const asAsked: Readonly<Record<'l2sr' | 'l1toa' | 'none', RadiometryChoice>> = {
  l2sr: forBothBands(
    'l2sr',
    'always',
    L2SR,
    'The request asks for the Landsat Collection 2 Level-2 scale.',
  ),
  l1toa: forBothBands(
    'l1toa',
    'always',
    L1TOA,
    'The request asks for the Landsat 8/9 Level-1 scale.',
  ),
  none: forBothBands('none', 'always', RAW, 'The request asks for raw numbers.'),
}

/**
 * The scale of both bands under the mode asked for; `auto` takes the first rule that fires. Whether a rule for integers
 * holds is known once the files are open: `radiometryOf`.
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
  const known = productScale(scene)
  if (typeof stated !== 'string') {
    const isIdentity = [stated.rule.red, stated.rule.nir].every(
      ({ scale, offset }) => scale === 1 && offset === 0,
    )
    if (!isIdentity || known === null) return stated
    const warning =
      "the item's scale of 1 and offset of 0, which tools write where a file has none, are not used: the product's own scale is"
    return { ...known, warnings: [warning, ...known.warnings] }
  }
  const found = known ?? raw(stated)
  const oneSided = (scene.red.scale === undefined) !== (scene.nir.scale === undefined)
  return {
    ...found,
    warnings: oneSided ? [`${stated}: it is not used`, ...found.warnings] : found.warnings,
  }
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
function fromItem(scene: Scene): RadiometryChoice | string {
  const { red, nir } = scene
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
  const applied = offsetAppliedBy(scene)
  const reason =
    applied === null
      ? 'Both bands carry a scale in the item.'
      : `Both bands carry a scale in the item, and ${applied} says that the offset is already in the numbers.`
  const read = (band: BandAsset, scale: LinearScale) =>
    applied === null ? inReflectance(band, scale) : { scale: { ...scale, offset: 0 }, warnings: [] }
  const [ofRed, ofNir] = [read(red, red.scale), read(nir, nir.scale)]
  return {
    rule: { applied: 'stac', when: 'always', red: ofRed.scale, nir: ofNir.scale, reason },
    warnings: [
      ...ofRed.warnings,
      ...ofNir.warnings,
      ...(applied === null ? offsetLeftOut(scene, [ofRed.scale, ofNir.scale]) : []),
    ],
  }
}

/** Tools that write an item of Sentinel-2 knew nothing of the offset for years: who is right cannot be seen here. */
function offsetLeftOut(scene: Scene, scales: readonly LinearScale[]): string[] {
  if (scene.product.family !== 'sentinel-2' || scales.some(({ offset }) => offset !== 0)) return []
  const { offset, reason } = sentinel2Offset(scene)
  if (offset === 0) return []
  return [
    `the item gives Sentinel-2 bands a scale without an offset, and its product has ${offset} (${reason}): the item is believed; if its numbers are as ESA wrote them, give raster:bands an offset of ${offset}`,
  ]
}

/** A reflectance is of the order of 1: a scale of 10000 divides, and beside one of 1e-4 an offset of -1000 is in counts. */
function inReflectance(
  { key }: BandAsset,
  told: LinearScale,
): { readonly scale: LinearScale; readonly warnings: readonly string[] } {
  // Without an offset the scale means nothing to NDVI, and floats may be meant to be multiplied.
  const divides = told.scale >= 100 && told.offset !== 0
  const scale = divides ? 1 / told.scale : told.scale
  const isInCounts = scale <= 0.01 && Math.abs(told.offset) >= 10
  // Rounded: -1000 * 0.0001 is -0.1 and 0.1 is not its product in double.
  const offset = isInCounts ? Number((told.offset * scale).toPrecision(12)) : told.offset
  return {
    scale: { scale, offset },
    warnings: [
      ...(divides
        ? [`the scale ${told.scale} of "${key}" can only be what to divide by: read as ${scale}`]
        : []),
      ...(isInCounts
        ? [
            `the offset ${told.offset} of "${key}" can only be in counts beside a scale of ${scale}: read as ${offset}`,
          ]
        : []),
    ],
  }
}

/** Rule 7. */
function raw(stated: string): RadiometryChoice {
  const reason = `${stated[0]?.toUpperCase()}${stated.slice(1)}, and no scale is known here for its product.`
  const { rule } = forBothBands('none', 'always', RAW, reason)
  return { rule, warnings: [`NDVI is of raw numbers, not of reflectance: ${ASK}`] }
}

/** Spectral radiance by its word or by its solid angle: `W⋅sr−1⋅m−3`, `watt/steradian/square_meter/micrometer`. */
function isRadiance(unit: string): boolean {
  return /radiance|steradian|^[^w]*w.*[^a-z]sr([^a-z]|$)/i.test(unit)
}
