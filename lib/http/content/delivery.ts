// How bytes get to the caller: in one piece, as a stream, or by an address from which they are downloaded.

import { GreenprintError } from '../../errors.ts'
import type { Cid } from '../../ipld/cid.ts'
import { MAX_REPLY, type WholeFile, type WholeFiles } from '../../kept/whole-files.ts'
import { LightResponse } from '../light/response.ts'

type Pieces = AsyncIterable<Uint8Array<ArrayBuffer>>

/**
 * What is as small as a Lambda's reply is complete before its status is sent, so that a missing block can still be
 * told; more than that is sent as it is read.
 */
export async function bodyOf(
  size: number,
  pieces: Pieces,
): Promise<ReadableStream | Uint8Array<ArrayBuffer>> {
  if (size > MAX_REPLY) return ReadableStream.from(pieces)
  const body = new Uint8Array(size)
  let end = 0
  for await (const piece of pieces) {
    body.set(piece, end)
    end += piece.length
  }
  return body
}

/**
 * 307 to an address for this caller alone, which honours Range; it is neither cached nor logged.
 *
 * @param wholeFiles null where there are none
 * @param mostBytes of a reply
 * @throws {GreenprintError} `too_large` where the whole file is not available; `store_failed`
 */
export async function redirectToFile(
  file: WholeFile,
  wholeFiles: WholeFiles | null,
  mostBytes: number,
  signal: AbortSignal,
): Promise<Response> {
  const location = (await wholeFiles?.locate(file, signal)) ?? null
  if (location === null) {
    const message = `The file has ${file.size} bytes; one reply carries at most ${mostBytes}. Ask for ranges of at most that (Range: bytes=0-${mostBytes - 1}).`
    throw new GreenprintError('too_large', message)
  }
  return new LightResponse(null, {
    status: 307,
    headers: { 'cache-control': 'no-store', location },
  })
}

/** A name that a header and an address can carry unchanged, else the CID. */
export function plainName(name: string, cid: Cid): string {
  return /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(name) ? name : cid.toString()
}
