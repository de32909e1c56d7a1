// A file that one reply of the API cannot carry: the way to where it can be downloaded from.

import type { WholeFile, WholeFiles } from '../../ipfs/whole-files.ts'
import type { Cid } from '../../ipld/cid.ts'
import { always, tooLarge } from './reply.ts'

/**
 * 307 to an address for this caller alone: it is kept by nobody and named in no log.
 *
 * @param wholeFiles null where there are none
 * @throws {GreenprintError} `too_large` where it cannot be had whole; `store_failed`
 */
export async function respondElsewhere(
  file: WholeFile,
  wholeFiles: WholeFiles | null,
  signal: AbortSignal,
): Promise<Response> {
  const location = (await wholeFiles?.locate(file, signal)) ?? null
  if (location === null) {
    throw tooLarge(file.size, 'Ask for ranges of it (Range: bytes=0-4194303).')
  }
  const headers = { ...always, 'cache-control': 'no-store', location }
  return new Response(null, { status: 307, headers })
}

/** The name in a path where it is one that a header and an address can hold as it is, else the CID. */
export function fileName(name: string, cid: Cid): string {
  return /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(name) ? name : cid.toString()
}
