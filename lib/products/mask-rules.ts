// Which bits or classes of a scene's quality band stand for what a caller wants masked: docs/numbers.md#n12.

import { GreenprintError } from '../errors.ts'
import type { MaskField, MaskRules } from '../model/mask.ts'
import { type MaskClass, maskClasses } from '../model/request.ts'
import type { QaAsset, QaLayout, Scene } from '../model/scene.ts'
import { sensorOf } from './product.ts'
import { classNames, qaTables } from './qa-tables.ts'

/** What is masked, and by which asset. */
export interface MaskChoice {
  readonly qa: QaAsset
  readonly rules: MaskRules
  /** The classes that were found, in the order of the request's own list. */
  readonly applied: readonly MaskClass[]
  readonly warnings: readonly string[]
}

const NOTHING: MaskRules = { bits: 0, fields: [], values: [], saturated: [] }

/**
 * @returns null when nothing is to be masked: then no quality band is read
 * @throws {GreenprintError} `mask_unavailable` when the scene has no quality band that can be used
 */
export function chooseMask(scene: Scene, classes: readonly MaskClass[]): MaskChoice | null {
  if (classes.length === 0) return null
  const { qa } = scene
  if (qa === null) throw unavailable(scene, scene.qaUnavailable ?? 'It has no quality band.')
  const reader = declaredReader(qa) ?? tableReader(qa)
  if (typeof reader === 'string') throw unavailable(scene, reader)
  const found = classes.map((name) => ({ name, rules: reader.rulesOf(name) }))
  const applied = found.flatMap(({ name, rules }) => (rules === null ? [] : [name]))
  const lacking = found.flatMap(({ name, rules }) => (rules === null ? [name] : []))
  const own = Number.isInteger(qa.nodata) ? { ...NOTHING, values: [qa.nodata ?? 0] } : NOTHING
  const rules = [...found.flatMap((each) => each.rules ?? []), reader.always, own]
  return {
    qa,
    applied,
    rules: rules.reduce(both, NOTHING),
    warnings: [
      ...(lacking.length === 0
        ? []
        : [`the quality band of ${scene.id} does not tell ${lacking.join(', ')}: not masked`]),
      ...(applied.includes('cirrus') && neverTellsCirrus(scene, qa)
        ? [`the quality band of ${scene.id} has a bit for cirrus that is never set: none is masked`]
        : []),
    ],
  }
}

/** Landsat 4 to 7 have no band that sees cirrus, and HLS v2.0 left its own bit unused. */
function neverTellsCirrus(scene: Scene, { layout, bitfields, classes }: QaAsset): boolean {
  if (bitfields.length + classes.length > 0) return false
  const sensor = sensorOf(scene)
  return layout === 'hls-fmask' || (layout === 'landsat-c2' && sensor !== null && sensor !== 'oli')
}

/**
 * The rules once the quality band's file is open: its own nodata masks too, unless the band means something by that
 * number (a class, or no flag at all).
 *
 * @param nodata of the file
 */
export function withNodata({ qa, rules }: MaskChoice, nodata: number | null): MaskRules {
  if (nodata === null || !Number.isInteger(nodata)) return rules
  const { bits, fields, values, saturated } = rules
  const isClear = nodata === 0 && (bits !== 0 || fields.length > 0)
  const isMeant = isClear || qa.classes.some(({ value }) => value === nodata)
  const isTold = (bits & nodata) !== 0 || values.includes(nodata) || saturated.includes(nodata)
  return isMeant || isTold ? rules : { ...rules, values: [...values, nodata] }
}

interface QaReader {
  /** null where the band does not tell the class. */
  rulesOf(name: MaskClass): MaskRules | null
  /** Fill, and saturation where the band tells it: set aside with whatever else is. */
  readonly always: MaskRules
}

/** By what the item says of the asset; null where it says nothing that could be masked by. */
function declaredReader({ bitfields, classes, layout }: QaAsset): QaReader | null {
  const rulesOf = (name: keyof typeof classNames): MaskRules | null => {
    const isNamed = (candidate: string) => classNames[name].includes(plain(candidate))
    const values = classes.filter((each) => isNamed(each.name)).map(({ value }) => value)
    const fields = bitfields.flatMap(({ offset, length, ...field }): MaskField[] => {
      const named = field.classes.filter((each) => isNamed(each.name)).map(({ value }) => value)
      if (named.length > 0) return [{ offset, length, values: named }]
      // A flag needs no classes: set is yes. A confidence has two bits, and is neither yes nor no.
      return length === 1 && isNamed(field.name) ? [{ offset, length, values: [1] }] : []
    })
    if (values.length + fields.length === 0) return null
    const isFlag = ({ length, values: [value, ...more] }: MaskField) =>
      length === 1 && value === 1 && more.length === 0
    const bits = fields.filter(isFlag).reduce((sum, { offset }) => sum | (1 << offset), 0)
    return { ...NOTHING, bits, values, fields: fields.filter((field) => !isFlag(field)) }
  }
  if (maskClasses.every((name) => rulesOf(name) === null)) return null
  const unobserved = classes.filter(({ nodata }) => nodata).map(({ value }) => value)
  const saturated = rulesOf('saturated')?.values ?? []
  // An item that tells of clouds alone leaves fill to its product.
  const fill = rulesOf('fill') ?? productFill(layout)
  const always = both(fill, { ...NOTHING, values: unobserved, saturated })
  return { rulesOf, always }
}

/** By the table of the item's product, or why there is none. */
function tableReader({ key, layout }: QaAsset): QaReader | string {
  if (layout === 'landsat-c1') {
    return 'Its quality band is of Landsat Collection 1, whose bits mean other things.'
  }
  if (layout === null) {
    return `Its asset "${key}" does not declare what its numbers mean, and no product that is known here has a quality band of this name. Add classification:classes or classification:bitfields to the asset.`
  }
  const { bits = {}, values = {}, saturated } = qaTables[layout]
  return {
    rulesOf(name) {
      const [bit, numbers] = [bits[name], values[name]]
      if (bit === undefined && numbers === undefined) return null
      return { ...NOTHING, bits: bit === undefined ? 0 : 1 << bit, values: numbers ?? [] }
    },
    always: { ...productFill(layout), saturated },
  }
}

function productFill(layout: QaLayout | null): MaskRules {
  if (layout === null || layout === 'landsat-c1') return NOTHING
  const { bit, value } = qaTables[layout].fill
  const bits = bit === undefined ? 0 : 1 << bit
  return { ...NOTHING, bits, values: value === undefined ? [] : [value] }
}

function both(one: MaskRules, other: MaskRules): MaskRules {
  return {
    bits: one.bits | other.bits,
    fields: [...one.fields, ...other.fields],
    values: [...new Set([...one.values, ...other.values])],
    saturated: [...new Set([...one.saturated, ...other.saturated])],
  }
}

/** `Cloud shadows` and `cloud-shadows` are `cloud_shadows`. */
function plain(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
}

function unavailable({ id }: Scene, why: string): GreenprintError {
  return new GreenprintError(
    'mask_unavailable',
    `Scene ${id} cannot be masked: ${why} Ask with an empty mask, or give an item with its quality band.`,
  )
}
