// One scene of a published item as it is read again: which files, by content, and by which rules their numbers count.

import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import type { MaskField, MaskRules } from '../model/mask.ts'
import { appliedRules, type LinearScale, type RadiometryRule } from '../model/radiometry.ts'
import { type MaskClass, maskClasses } from '../model/request.ts'
import {
  type BandAsset,
  type ItemGeoreference,
  type Product,
  productFamilies,
  type QaAsset,
  type Scene,
} from '../model/scene.ts'
import type { MaskChoice } from '../products/mask-rules.ts'
import { parseContentReference } from './content-reference.ts'
import {
  listOf,
  nodataOf,
  notOurs,
  numberOf,
  numbersOf,
  objectAt,
  textAt,
} from './published-fields.ts'

export interface PublishedScene {
  /** With the bands' content, and no copies of it. */
  readonly scene: Scene
  readonly radiometry: RadiometryRule
  readonly masking: MaskChoice | null
}

/** What an item says of a scene. */
export interface ToldScene {
  readonly inputs: JsonObject
  /** Where `inputs` stand, for faults. */
  readonly where: string
  /** What was set aside. */
  readonly mask: Json | undefined
  /** Address of the scene's own item. */
  readonly canonical: string | null
}

/** @throws {GreenprintError} `item_invalid`, `asset_unusable` for what is no CID */
export function readPublishedScene({ inputs, where, mask, canonical }: ToldScene): PublishedScene {
  const [red, nir] = [readBand(inputs, 'red', where), readBand(inputs, 'nir', where)]
  const masking = readMasking(inputs, mask, where)
  const { id, gsd, ...told } = objectAt(inputs, 'scene', `${where}.scene`)
  return {
    scene: {
      id: textAt(id, `${where}.scene.id`),
      collection: null,
      datetime: typeof told.datetime === 'string' ? told.datetime : null,
      platform: typeof told.platform === 'string' ? told.platform : null,
      href: null,
      canonical,
      bbox: null,
      geometry: null,
      product: readProduct(objectAt(inputs, 'product', `${where}.product`)),
      productNames: [],
      mentionedNames: [],
      gsd: typeof gsd === 'number' ? gsd : null,
      red,
      nir,
      qa: masking?.qa ?? null,
      properties: told,
      warnings: [],
    },
    radiometry: readRadiometry(
      objectAt(inputs, 'radiometry', `${where}.radiometry`),
      `${where}.radiometry`,
    ),
    masking,
  }
}

function readBand(inputs: JsonObject, name: string, place: string): BandAsset {
  const where = `${place}.${name}`
  const told = objectAt(inputs, name, where)
  const { band = null, nodata, georeference } = told
  const cid = textAt(told.cid, `${where}.cid`)
  const path = told.path === undefined ? '' : textAt(told.path, `${where}.path`)
  const isNumber = typeof band === 'number' && Number.isInteger(band) && band > 0
  const isName = typeof band === 'string' && band !== ''
  if (band !== null && !isNumber && !isName) {
    throw notOurs(`${where}.band is no number of a band, and no name of one`)
  }
  return {
    key: textAt(told.asset, `${where}.asset`),
    band,
    content: { ...parseContentReference(cid), path },
    mirrors: [],
    ...(nodata === undefined || nodata === null ? {} : { nodata: nodataOf(nodata, where) }),
    ...(isJsonObject(georeference) ? { georeference: readGeoreference(georeference, where) } : {}),
  }
}

function readGeoreference(told: JsonObject, where: string): ItemGeoreference {
  const { crs, transform, shape } = told
  const [a, b, c, d, e, f] = numbersOf(transform ?? [], where)
  const [rows, cols] = numbersOf(shape ?? [], where)
  const isPlaced = a !== undefined && b !== undefined && c !== undefined && d !== undefined
  return {
    crs: typeof crs === 'string' ? crs : null,
    transform: isPlaced && e !== undefined && f !== undefined ? [a, b, c, d, e, f] : null,
    shape: rows !== undefined && cols !== undefined ? [rows, cols] : null,
  }
}

function readMasking(inputs: JsonObject, mask: Json | undefined, place: string): MaskChoice | null {
  if (inputs['qa'] === undefined) return null
  const where = `${place}.qa`
  const told = objectAt(inputs, 'qa', where)
  const fields = listOf(told['fields'] ?? [], where).filter(isJsonObject)
  const rules: MaskRules = {
    bits: numberOf(told['bits'] ?? 0, where),
    fields: fields.map(
      ({ offset, length, values }): MaskField => ({
        offset: numberOf(offset ?? 0, where),
        length: numberOf(length ?? 0, where),
        values: numbersOf(values ?? [], where),
      }),
    ),
    values: numbersOf(told['values'] ?? [], where),
    saturated: numbersOf(told['saturated'] ?? [], where),
  }
  const unmasked = numbersOf(told['unmasked'] ?? [], where)
  const classes = unmasked.map((value) => ({ value, name: '', nodata: false }))
  const qa: QaAsset = { ...readBand(inputs, 'qa', place), layout: null, bitfields: [], classes }
  const applied = (Array.isArray(mask) ? mask : []).filter(isMaskClass)
  return { qa, rules, applied, warnings: [] }
}

function isMaskClass(name: Json): name is MaskClass {
  const names: readonly Json[] = maskClasses
  return names.includes(name)
}

function readProduct({ family, fill, saturates }: JsonObject): Product {
  return {
    family: productFamilies.find((known) => known === family) ?? 'unknown',
    fill: typeof fill === 'number' ? fill : null,
    saturates: saturates === true,
  }
}

function readRadiometry(told: JsonObject, where: string): RadiometryRule {
  const applied = appliedRules.find((known) => known === told['applied'])
  if (applied === undefined) throw notOurs(`${where}.applied is no rule that is known here`)
  const linear = (name: string): LinearScale => {
    const { scale, offset } = objectAt(told, name, `${where}.${name}`)
    return {
      scale: numberOf(scale ?? null, `${where}.${name}`),
      offset: numberOf(offset ?? null, `${where}.${name}`),
    }
  }
  return {
    applied,
    when: told['when'] === 'integers' ? 'integers' : 'always',
    red: linear('red'),
    nir: linear('nir'),
    reason: textAt(told['reason'], `${where}.reason`),
  }
}
