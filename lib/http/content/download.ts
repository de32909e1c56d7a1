// Redirects to where a file can be downloaded that is too large for one reply of the API.

import type { WholeFile, WholeFiles } from '../../ipfs/whole-files.ts'
import type { Cid } from '../../ipld/cid.ts'
import { always, tooLarge } from './reply.ts'

/**
 * 307 to an address for this caller alone; it is neither cached nor logged.
 *
 * @param wholeFiles null where there are none
 * @throws {GreenprintError} `too_large` where the whole file is not available; `store_failed`
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

/** The last name of a path where a header and an address can carry it unchanged, else the CID. */
export function fileName(name: string, cid: Cid): string {
  return /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(name) ? name : cid.toString()
}
