// What an asset declares of the numbers of its quality band: the classification extension, and what came before it.

import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import type { QaAsset, QaBitfield, QaClass } from '../model/scene.ts'
import { bandFields } from './asset-bands.ts'
import type { FoundBand } from './bands.ts'

/** `classification:classes` and `classification:bitfields` of the band, else of the asset; `file:values` before them. */
export function readClassification({
  asset,
  band,
}: FoundBand): Pick<QaAsset, 'bitfields' | 'classes'> {
  const { common, eo, raster } = bandFields(asset.bands, band)
  const places = [common, raster, eo, asset.fields]
  const classes = firstList(places, 'classification:classes').flatMap(readClass)
  return {
    bitfields: firstList(places, 'classification:bitfields').flatMap(readBitfield),
    classes: classes.length > 0 ? classes : firstList(places, 'file:values').flatMap(readValues),
  }
}

function firstList(places: readonly JsonObject[], name: string): readonly JsonObject[] {
  const list: unknown = places.map((place) => place[name]).find(Array.isArray)
  return Array.isArray(list) ? list.filter(isJsonObject) : []
}

/** `name` may be left out where there is a title or a description. */
function readClass({ value, name, title, description, nodata }: JsonObject): QaClass[] {
  const told = [name, title, description].find((text) => typeof text === 'string' && text !== '')
  const number = readWhole(value)
  if (number === undefined || typeof told !== 'string') return []
  return [{ value: number, name: told, nodata: nodata === true }]
}

function readBitfield({
  name,
  title,
  description,
  offset,
  length,
  classes,
}: JsonObject): QaBitfield[] {
  const [first, bits] = [readBit(offset), readBit(length)]
  if (first === undefined || bits === undefined) return []
  const told = [name, title, description].find((text) => typeof text === 'string' && text !== '')
  const members = Array.isArray(classes) ? classes.filter(isJsonObject).flatMap(readClass) : []
  return [
    { name: typeof told === 'string' ? told : '', offset: first, length: bits, classes: members },
  ]
}

function readBit(value: Json | undefined): number | undefined {
  const bit = readWhole(value)
  return bit !== undefined && bit >= 0 && bit < 32 ? bit : undefined
}

/** Tables of classes that became JSON have their numbers as text, `8` or `8.0`. */
function readWhole(value: Json | undefined): number | undefined {
  const isText = typeof value === 'string' && /^\s*[+-]?\d{1,9}(\.0*)?\s*$/.test(value)
  const number = isText ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined
}

/** The file extension, until its version 2: `{values: [8, 9], summary: "cloud"}`. */
function readValues({ values, summary }: JsonObject): QaClass[] {
  if (!Array.isArray(values) || typeof summary !== 'string') return []
  return values.flatMap((value) => {
    const number = readWhole(value)
    return number === undefined ? [] : { value: number, name: summary, nodata: false }
  })
}
