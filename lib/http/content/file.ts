// A file, or part of it, as its bytes; and a symlink as its text.

import { openFile, type VerifiedFile } from '../../ipfs/file.ts'
import { ReadSession } from '../../ipfs/read-session.ts'
import type { Cid } from '../../ipld/cid.ts'
import { LightResponse } from '../light/response.ts'
import { bodyOf, plainName, redirectToFile } from './delivery.ts'
import { disposition, IMMUTABLE } from './headers.ts'
import { partOf, unsatisfiable } from './range.ts'
import type { Serving } from './serving.ts'

/** Of a file, in memory at a time. */
const PIECE_BYTES = 4 * 1024 * 1024

/**
 * @param file.name empty where it is asked for by its CID alone
 * @throws {GreenprintError} `too_large` where neither a reply nor an address can carry it
 */
export async function respondFile(
  cid: Cid,
  { name, type }: { readonly name: string; readonly type: string },
  { request, query, blocks, wholeFiles, mostBytes, headers, etag, signal }: Serving,
): Promise<Response> {
  const file = await openFile(cid, blocks, new ReadSession(), signal)
  const part = partOf(request, file.size, etag)
  if (part === null) return unsatisfiable(file.size)
  const { status, start, end } = part
  if (request.method === 'GET' && end - start > mostBytes) {
    const whole = { cid, size: file.size, contentType: type, name: plainName(name, cid) }
    return redirectToFile(whole, wholeFiles, mostBytes, signal)
  }
  const kind = query.get('download') === 'true' ? 'attachment' : 'inline'
  const all = {
    ...headers,
    ...part.headers,
    'cache-control': IMMUTABLE,
    'content-type': type,
    'content-disposition': disposition(kind, name === '' ? cid.toString() : name),
  }
  if (request.method === 'HEAD') return new LightResponse(null, { headers: all })
  const body = await bodyOf(end - start, piecesOf(file, start, end, signal))
  return new LightResponse(body, { status, headers: all })
}

async function* piecesOf(
  file: VerifiedFile,
  start: number,
  end: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  for (let offset = start; offset < end; offset += PIECE_BYTES) {
    const length = Math.min(PIECE_BYTES, end - offset)
    yield* await file.readAll([{ offset, length }], signal)
  }
}

/** Where a symlink leads, as gateways tell it; nobody is led there. */
export function respondSymlink(target: Uint8Array, { headers }: Serving): Response {
  return new LightResponse(Uint8Array.from(target), {
    headers: {
      ...headers,
      'cache-control': IMMUTABLE,
      'content-type': 'inode/symlink',
      'content-length': String(target.length),
    },
  })
}
