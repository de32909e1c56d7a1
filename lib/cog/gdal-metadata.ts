// The XML of the GDAL_METADATA tag: items with a name, some of them of one band.

import type { LinearScale } from '../model/radiometry.ts'

export interface MetadataItem {
  readonly name: string
  /** Band, from 0; null for items of the whole file. */
  readonly sample: number | null
  /** `description`, `unittype`, …; null where the item has none. */
  readonly role: string | null
  readonly value: string
}

const OPEN = '<Item'
const CLOSE = '</Item>'

/** All items, in the order of the file; what is not an item of GDAL's own shape is left out. Linear in the text. */
export function readMetadataItems(xml: string): MetadataItem[] {
  const items: MetadataItem[] = []
  for (let at = xml.indexOf(OPEN); at !== -1; at = xml.indexOf(OPEN, at)) {
    const head = xml.indexOf('>', at)
    if (head === -1) break
    const attributes = xml.slice(at + OPEN.length, head)
    at = head + 1
    if (attributes.endsWith('/')) continue
    const end = xml.indexOf(CLOSE, at)
    if (end === -1) break
    const value = (name: string) => attributeOf(attributes, name)
    const sample = value('sample')
    items.push({
      name: value('name') ?? '',
      sample: sample === null || !/^\d{1,5}$/.test(sample) ? null : Number(sample),
      role: value('role'),
      // GDAL escapes values twice.
      value: decode(decode(xml.slice(at, end))),
    })
    at = end + CLOSE.length
  }
  return items
}

/** Descriptions of bands, by the band from 0. */
export function bandDescriptions(items: readonly MetadataItem[]): Map<number, string> {
  const named = items.filter(
    ({ role, sample, value }) => role === 'description' && sample !== null && value !== '',
  )
  return new Map(named.map(({ sample, value }) => [sample ?? 0, value]))
}

/** What GDAL would have a band's numbers multiplied by and added to them; null where the file does not say. */
export function bandScale(items: readonly MetadataItem[], band: number): LinearScale | null {
  const told = (role: string) => {
    const value = items.find((item) => item.role === role && item.sample === band)?.value.trim()
    return value === undefined || value === '' ? Number.NaN : Number(value)
  }
  const [scale, offset] = [told('scale'), told('offset')]
  if (!Number.isFinite(scale) && !Number.isFinite(offset)) return null
  return {
    scale: Number.isFinite(scale) ? scale : 1,
    offset: Number.isFinite(offset) ? offset : 0,
  }
}

function attributeOf(attributes: string, name: string): string | null {
  const from = attributes.indexOf(` ${name}="`)
  if (from === -1) return null
  const start = from + name.length + 3
  const end = attributes.indexOf('"', start)
  return end === -1 ? null : decode(attributes.slice(start, end))
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&amp;': '&',
}

function decode(text: string): string {
  return text.replace(/&(?:lt|gt|quot|apos|amp|#\d{1,7});/g, (entity) => {
    const code = Number(entity.slice(2, -1))
    return entities[entity] ?? (code <= 0x10ffff ? String.fromCodePoint(code) : entity)
  })
}
