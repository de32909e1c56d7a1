// Writes the directories of a TIFF or BigTIFF, little-endian, one after the other, each followed by its values.

/** TIFF 6.0 and BigTIFF field types. */
const fieldTypes = { ascii: 2, short: 3, long: 4, double: 12, long8: 16 } as const
type FieldType = keyof typeof fieldTypes

const itemSizes: Readonly<Record<FieldType, number>> = {
  ascii: 1,
  short: 2,
  long: 4,
  double: 8,
  long8: 8,
}

export interface TiffField {
  readonly tag: number
  readonly type: FieldType
  /** Text is ended with a zero byte here. */
  readonly values: readonly number[] | string
}

/** Sizes of the parts of a directory. */
interface Dialect {
  readonly header: number
  readonly count: number
  readonly entry: number
  /** Bytes of a value that still stands in its entry, and of every offset. */
  readonly offset: number
}

const classic: Dialect = { header: 8, count: 2, entry: 12, offset: 4 }
const big: Dialect = { header: 16, count: 8, entry: 20, offset: 8 }

/**
 * The front of a TIFF: header, `preamble`, and all directories. Its length does not depend on the values of the fields,
 * only on how many there are.
 *
 * @param preamble follows the header
 * @param directories in the order of the chain; fields in any order
 */
export function encodeDirectories(
  directories: readonly (readonly TiffField[])[],
  preamble: Uint8Array,
  bigTiff: boolean,
): Uint8Array<ArrayBuffer> {
  const dialect = bigTiff ? big : classic
  const starts: number[] = []
  let end = even(dialect.header + preamble.length)
  for (const fields of directories) {
    starts.push(end)
    end += sizeOf(fields, dialect)
  }
  const bytes = new Uint8Array(end)
  const view = new DataView(bytes.buffer)
  writeHeader(view, starts[0] ?? 0, bigTiff)
  bytes.set(preamble, dialect.header)
  directories.forEach((fields, index) => {
    writeDirectory(view, starts[index] ?? 0, fields, starts[index + 1] ?? 0, dialect)
  })
  return bytes
}

function writeHeader(view: DataView, first: number, bigTiff: boolean): void {
  view.setUint16(0, 0x4949, true)
  view.setUint16(2, bigTiff ? 43 : 42, true)
  if (!bigTiff) return view.setUint32(4, first, true)
  view.setUint16(4, 8, true)
  view.setBigUint64(8, BigInt(first), true)
}

function writeDirectory(
  view: DataView,
  start: number,
  fields: readonly TiffField[],
  next: number,
  dialect: Dialect,
): void {
  writeOffset(view, start, fields.length, dialect.count)
  let entry = start + dialect.count
  let values = entry + fields.length * dialect.entry + dialect.offset
  for (const field of fields.toSorted((one, other) => one.tag - other.tag)) {
    view.setUint16(entry, field.tag, true)
    view.setUint16(entry + 2, fieldTypes[field.type], true)
    writeOffset(view, entry + 4, countOf(field), dialect.offset)
    const place = entry + 4 + dialect.offset
    const room = outside(field, dialect)
    writeValues(view, room === 0 ? place : values, field)
    if (room > 0) writeOffset(view, place, values, dialect.offset)
    values += room
    entry += dialect.entry
  }
  writeOffset(view, entry, next, dialect.offset)
}

function writeValues(view: DataView, at: number, { type, values }: TiffField): void {
  const numbers = typeof values === 'string' ? [...Buffer.from(`${values}\0`, 'latin1')] : values
  numbers.forEach((value, index) => {
    const place = at + index * itemSizes[type]
    if (type === 'double') view.setFloat64(place, value, true)
    else writeOffset(view, place, value, itemSizes[type])
  })
}

/** A whole number in as many bytes. */
function writeOffset(view: DataView, at: number, value: number, bytes: number): void {
  if (bytes === 1) view.setUint8(at, value)
  else if (bytes === 2) view.setUint16(at, value, true)
  else if (bytes === 4) view.setUint32(at, value, true)
  else view.setBigUint64(at, BigInt(value), true)
}

function sizeOf(fields: readonly TiffField[], dialect: Dialect): number {
  const values = fields.reduce((sum, field) => sum + outside(field, dialect), 0)
  return even(dialect.count + fields.length * dialect.entry + dialect.offset + values)
}

/** Bytes that the values of a field take after the directory. */
function outside(field: TiffField, { offset }: Dialect): number {
  const bytes = countOf(field) * itemSizes[field.type]
  return bytes <= offset ? 0 : even(bytes)
}

function countOf({ values }: TiffField): number {
  return typeof values === 'string' ? Buffer.byteLength(values, 'latin1') + 1 : values.length
}

/** Offsets in a TIFF are even. */
function even(bytes: number): number {
  return bytes + (bytes % 2)
}
