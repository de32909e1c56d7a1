// A file in memory behind the narrow face that rasters read through.

import { GreenprintError } from '../../lib/errors.ts'
import { RAW } from '../../lib/ipld/cid.ts'
import { VerifiedAssembly, verifyBlock } from '../../lib/ipld/verify.ts'
import type { ByteRange, RandomAccess, VerifiedBytes } from '../../lib/model/bytes.ts'
import { cidOfBlock } from './cid-of-block.ts'

/**
 * @param before is awaited before each answer
 * @throws {RangeError} when more bytes than the file has are asked at once, as a reader of damaged lengths might
 */
export function memoryFile(
  bytes: Uint8Array<ArrayBuffer>,
  before: () => Promise<void> = async () => undefined,
): RandomAccess {
  const whole = verifyBlock(cidOfBlock(RAW, bytes), bytes)
  if (whole === null) throw new RangeError('bytes have the hash of themselves')
  const cut = ({ offset, length }: ByteRange): VerifiedBytes => {
    if (!(offset >= 0 && length >= 0 && offset + length <= bytes.length)) {
      throw new GreenprintError('raster_unusable', `The file has no bytes ${offset} + ${length}.`)
    }
    const stretch = new VerifiedAssembly(length)
    stretch.put(whole, offset, offset + length, 0)
    return stretch.finish()
  }
  return {
    size: bytes.length,
    isLent: false,
    async readAll(ranges) {
      await before()
      return ranges.map(cut)
    },
  }
}
