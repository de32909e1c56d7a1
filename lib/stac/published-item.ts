// The published item as it is read again: all that decided the result, of which this is the reverse of derived-item.ts.

import { clip, GreenprintError } from '../errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import type { MaskField, MaskRules } from '../model/mask.ts'
import type { LinearScale, RadiometryRule } from '../model/radiometry.ts'
import { type MaskClass, maskClasses, type NdviRequest } from '../model/request.ts'
import type { BandAsset, ItemGeoreference, Product, QaAsset, Scene } from '../model/scene.ts'
import type { MaskChoice } from '../products/mask-rules.ts'
import { readNdviBody } from '../request/read.ts'
import { parseContentReference } from './content-reference.ts'

export interface PublishedItem {
  readonly id: string
  readonly request: NdviRequest
  /** With the bands' content, and no copies of it. */
  readonly scene: Scene
  readonly radiometry: RadiometryRule
  readonly masking: MaskChoice | null
  /** Name and version of what made it: `greenprint 0.3.0`. */
  readonly software: string
}

/**
 * @throws {GreenprintError} `item_invalid` for what is not an item that Greenprint published, and for one of files that
 *   nobody named by content
 */
export function readPublishedItem(item: JsonObject): PublishedItem {
  try {
    return read(item)
  } catch (error) {
    if (error instanceof Fault) throw notOurs(error.message)
    // Its request is read as a caller's would be.
    const isRequest = error instanceof GreenprintError && error.code === 'invalid_request'
    if (isRequest) throw notOurs(`greenprint:request: ${error.details.join('; ')}`)
    throw error
  }
}

/** What is missing in an item, or is not what it should be. */
class Fault extends Error {}

function notOurs(what: string): GreenprintError {
  return new GreenprintError(
    'item_invalid',
    `The item is none that Greenprint published with a result: ${what}. Give the root of the result, or its item.json.`,
  )
}

function read(item: JsonObject): PublishedItem {
  const properties = objectAt(item, 'properties')
  if (properties['greenprint:trust'] === 'transport') {
    throw new GreenprintError(
      'item_invalid',
      'The result says that it is not verified: its files were read over TLS and nobody named them by content, so there is nothing to hold their bytes against. Fingerprint the scene (POST /fingerprint) and compute it anew.',
    )
  }
  const kind = properties['greenprint:kind']
  if (typeof kind === 'string') {
    const what = clip(kind, 40)
    throw new GreenprintError(
      'item_invalid',
      `The result is a ${what}, which is not computed again here. Send what its request.json asks to POST /${what}, and compare the roots.`,
    )
  }
  const inputs = objectAt(properties, 'greenprint:inputs')
  const { request } = readNdviBody({ ...objectAt(properties, 'greenprint:request'), item: {} })
  const [red, nir] = [readBand(inputs, 'red'), readBand(inputs, 'nir')]
  const masking = readMasking(inputs, properties)
  const { id, gsd, ...told } = objectAt(inputs, 'scene')
  const software = objectAt(properties, 'processing:software')
  const [[name, version] = []] = Object.entries(software)
  return {
    id: textOf(item.id, 'id'),
    request: withoutItem(request),
    scene: {
      id: textOf(id, 'greenprint:inputs.scene.id'),
      collection: null,
      datetime: typeof told.datetime === 'string' ? told.datetime : null,
      platform: typeof told.platform === 'string' ? told.platform : null,
      href: null,
      canonical: canonicalOf(item),
      bbox: null,
      geometry: null,
      product: readProduct(objectAt(inputs, 'product')),
      productNames: [],
      mentionedNames: [],
      gsd: typeof gsd === 'number' ? gsd : null,
      red,
      nir,
      qa: masking?.qa ?? null,
      properties: told,
      warnings: [],
    },
    radiometry: readRadiometry(objectAt(inputs, 'radiometry')),
    masking,
    software: `${textOf(name, 'processing:software')} ${textOf(version, 'processing:software')}`,
  }
}

/** What was put in its place only satisfies the schema. */
function withoutItem({ item: _item, ...request }: NdviRequest): NdviRequest {
  return request
}

function canonicalOf({ links }: JsonObject): string | null {
  const source = (Array.isArray(links) ? links : [])
    .filter(isJsonObject)
    .find(({ rel }) => rel === 'derived_from')
  return typeof source?.href === 'string' ? source.href : null
}

function readBand(inputs: JsonObject, name: string): BandAsset {
  const told = objectAt(inputs, name)
  const where = `greenprint:inputs.${name}`
  const { band = null, nodata, georeference } = told
  const cid = textOf(told.cid, `${where}.cid`)
  const path = told.path === undefined ? '' : textOf(told.path, `${where}.path`)
  if (band !== null && !(typeof band === 'number' && Number.isInteger(band) && band > 0))
    throw new Fault(`${where}.band is no number of a band`)
  return {
    key: textOf(told.asset, `${where}.asset`),
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

function readMasking(inputs: JsonObject, properties: JsonObject): MaskChoice | null {
  if (inputs['qa'] === undefined) return null
  const told = objectAt(inputs, 'qa')
  const where = 'greenprint:inputs.qa'
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
  const qa: QaAsset = { ...readBand(inputs, 'qa'), layout: null, bitfields: [], classes: [] }
  const named = properties['greenprint:mask']
  const applied = (Array.isArray(named) ? named : []).filter(isMaskClass)
  return { qa, rules, applied, warnings: [] }
}

function isMaskClass(name: Json): name is MaskClass {
  const names: readonly Json[] = maskClasses
  return names.includes(name)
}

const families: readonly Product['family'][] = ['landsat', 'sentinel-2', 'hls', 'ga-ard', 'unknown']

function readProduct({ family, fill, saturates }: JsonObject): Product {
  return {
    family: families.find((known) => known === family) ?? 'unknown',
    fill: typeof fill === 'number' ? fill : null,
    saturates: saturates === true,
  }
}

const applicable: readonly RadiometryRule['applied'][] = [
  'stac',
  'l2sr',
  'l1toa',
  'hls',
  's2',
  'ga',
  'none',
]

function readRadiometry(told: JsonObject): RadiometryRule {
  const where = 'greenprint:inputs.radiometry'
  const applied = applicable.find((known) => known === told['applied'])
  if (applied === undefined) throw new Fault(`${where}.applied is no rule that is known here`)
  const linear = (name: string): LinearScale => {
    const { scale, offset } = objectAt(told, name)
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
    reason: textOf(told['reason'], `${where}.reason`),
  }
}

function objectAt(value: JsonObject, name: string): JsonObject {
  const found = value[name]
  if (!isJsonObject(found)) throw new Fault(`it has no ${name}`)
  return found
}

function textOf(value: Json | undefined, where: string): string {
  if (typeof value === 'string') return value
  throw new Fault(`${where} is no text`)
}

const special: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
}

/** Numbers that JSON lacks are text. */
function nodataOf(value: Json, where: string): number {
  const number = typeof value === 'string' ? special[value] : undefined
  return number ?? numberOf(value, where)
}

function numberOf(value: Json, where: string): number {
  if (typeof value === 'number') return value
  throw new Fault(`${where} holds ${JSON.stringify(value).slice(0, 40)} in place of a number`)
}

/** Of a list that decides pixels: no product has nearly as many. Each costs a look at every number of a band. */
const MOST_NUMBERS = 64

function numbersOf(value: Json, where: string): readonly number[] {
  return listOf(value, where).map((each) => numberOf(each, where))
}

function listOf(value: Json, where: string): readonly Json[] {
  if (!Array.isArray(value)) throw new Fault(`${where} has no list where there should be one`)
  if (value.length > MOST_NUMBERS) throw new Fault(`${where} has a list of ${value.length}`)
  return value
}
