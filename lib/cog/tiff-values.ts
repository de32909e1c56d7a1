// Values of the field types of TIFF 6.0, section 2, and BigTIFF.

/** Bytes of a value by its type; 0 for types that do not exist. */
const sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]

/** Bytes of a value of a type; 0 for types that do not exist. */
export function sizeOfType(type: number): number {
  return sizes[type] ?? 0
}

/** All values of a type in some bytes; what is left of an incomplete one does not count. */
export function readValues(bytes: Uint8Array, type: number, littleEndian: boolean): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = sizeOfType(type)
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) =>
    numberAt(view, i * size, type, littleEndian),
  )
}

function numberAt(view: DataView, at: number, type: number, little: boolean): number {
  switch (type) {
    case 1:
    case 7:
      return view.getUint8(at)
    case 3:
      return view.getUint16(at, little)
    case 4:
    case 13:
      return view.getUint32(at, little)
    case 5:
      return view.getUint32(at, little) / view.getUint32(at + 4, little)
    case 6:
      return view.getInt8(at)
    case 8:
      return view.getInt16(at, little)
    case 9:
      return view.getInt32(at, little)
    case 10:
      return view.getInt32(at, little) / view.getInt32(at + 4, little)
    case 11:
      return view.getFloat32(at, little)
    case 12:
      return view.getFloat64(at, little)
    case 17:
      return Number(view.getBigInt64(at, little))
    default:
      return Number(view.getBigUint64(at, little))
  }
}
