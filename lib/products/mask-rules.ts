// Which bits or classes of a product's quality band stand for what a caller wants masked.

import { GreenprintError } from '../errors.ts'
import type { MaskRules } from '../model/mask.ts'
import type { MaskClass } from '../model/request.ts'
import type { QaAsset, QaBitfield, Scene } from '../model/scene.ts'

/** What is masked, and by which asset. */
export interface MaskChoice {
  readonly qa: QaAsset
  readonly rules: MaskRules
  /** The classes that were found, in the order of the request's own list. */
  readonly applied: readonly MaskClass[]
  readonly warnings: readonly string[]
}

/** https://www.usgs.gov/landsat-missions/landsat-collection-2-quality-assessment-bands */
const landsatBits: Readonly<Record<MaskClass, number>> = {
  dilated_cloud: 1,
  cirrus: 2,
  cloud: 3,
  cloud_shadow: 4,
  snow: 5,
  water: 7,
}

/** Fmask of HLS v2.0, user guide table 9; bit 0 (cirrus) is reserved there and never set. */
const hlsBits: Readonly<Record<MaskClass, number>> = {
  dilated_cloud: 2,
  cirrus: 0,
  cloud: 1,
  cloud_shadow: 3,
  snow: 4,
  water: 5,
}

/** Scene classification of Sentinel-2 L2A: https://sentiwiki.copernicus.eu/web/s2-processing */
const sentinelClasses: Readonly<Record<MaskClass, readonly number[]>> = {
  dilated_cloud: [],
  cirrus: [10],
  cloud: [8, 9],
  cloud_shadow: [3],
  snow: [11],
  water: [6],
}

/** Names under which items describe the same bit. */
const aliases: Readonly<Record<MaskClass, readonly string[]>> = {
  dilated_cloud: ['dilated_cloud', 'dilated', 'adjacent', 'adjacent_cloud'],
  cirrus: ['cirrus'],
  cloud: ['cloud'],
  cloud_shadow: ['cloud_shadow', 'shadow'],
  snow: ['snow', 'snow_ice'],
  water: ['water'],
}

/**
 * @returns null when nothing is to be masked: then no quality band is read
 * @throws {GreenprintError} `mask_unavailable` when the scene has no quality band that can be used
 */
export function chooseMask(scene: Scene, classes: readonly MaskClass[]): MaskChoice | null {
  if (classes.length === 0) return null
  const { qa } = scene
  if (qa === null) throw unavailable(scene, scene.qaUnavailable ?? 'It has no quality band.')
  if (qa.layout === 'landsat-c1') {
    throw unavailable(
      scene,
      'Its quality band is of Landsat Collection 1, whose bits mean other things.',
    )
  }
  const known = classes.map((name) => ({ name, rule: ruleFor(name, qa) }))
  const applied = known.flatMap(({ name, rule }) => (rule === null ? [] : [name]))
  const lacking = known.flatMap(({ name, rule }) => (rule === null ? [name] : []))
  const found = known.flatMap(({ rule }) => rule ?? [])
  return {
    qa,
    applied,
    rules: withFill(qa, {
      bits: found.reduce((bits, rule) => bits | rule.bits, 0),
      values: found.flatMap((rule) => rule.values),
    }),
    warnings:
      lacking.length === 0
        ? []
        : [`the quality band of ${scene.id} knows no ${lacking.join(', ')}: not masked`],
  }
}

interface Rule {
  readonly bits: number
  readonly values: readonly number[]
}

function ruleFor(name: MaskClass, qa: QaAsset): Rule | null {
  if (qa.layout === 'sentinel-2-scl') {
    const values = sentinelClasses[name]
    return values.length === 0 ? null : { bits: 0, values }
  }
  if (qa.bitfields !== undefined) {
    const field = qa.bitfields.find((candidate) => isNamed(candidate, aliases[name]))
    return field === undefined ? null : { bits: 1 << field.offset, values: [] }
  }
  const bits = qa.layout === 'hls-fmask' ? hlsBits : landsatBits
  return { bits: 1 << bits[name], values: [] }
}

/** What the product itself calls no observation is masked with whatever else is. */
function withFill(qa: QaAsset, rule: Rule): MaskRules {
  if (qa.layout === 'sentinel-2-scl') {
    return { ...rule, values: [...rule.values, 0], saturated: [1] }
  }
  if (qa.layout === 'hls-fmask') return { ...rule, values: [...rule.values, 255], saturated: [] }
  const fill = qa.bitfields?.find((candidate) => isNamed(candidate, ['fill']))
  return { ...rule, bits: rule.bits | (1 << (fill?.offset ?? 0)), saturated: [] }
}

/** Fields of one bit alone: a confidence has two, and is no yes or no. */
function isNamed({ name, length }: QaBitfield, names: readonly string[]): boolean {
  return length === 1 && names.includes(name.toLowerCase())
}

function unavailable({ id }: Scene, why: string): GreenprintError {
  return new GreenprintError(
    'mask_unavailable',
    `Scene ${id} cannot be masked: ${why} Ask with an empty mask, or give an item with its quality band.`,
  )
}
