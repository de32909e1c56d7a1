// GET and HEAD of the local server's whole files, assembled from the own store's blocks while they are sent.

import type { Blocks } from '../../ipfs/blocks.ts'
import { openFile, type VerifiedFile } from '../../ipfs/file.ts'
import { ReadSession } from '../../ipfs/read-session.ts'
import { parseCid } from '../../ipld/cid.ts'
import type { LocalRoute } from '../../local/api-gateway.ts'
import { readLocalFile } from '../../local/files.ts'
import { mediaTypeOf } from '../../publish/media-types.ts'
import { problemResponse } from '../problem.ts'
import { fileName } from './download.ts'
import { always } from './reply.ts'
import { explain } from './serve.ts'

/** How much of a file is in memory at a time. */
const PIECE_BYTES = 4 * 1024 * 1024

/** @param ownBlocks of our own stores only (this is not a proxy); called with the first such request */
export function downloadRoute(ownBlocks: () => Blocks | Promise<Blocks>): LocalRoute {
  return async (method, url, _body, signal) => {
    const asked = readLocalFile(url)
    if (asked === null || (method !== 'GET' && method !== 'HEAD')) return null
    try {
      const cid = parseCid(asked.cid)
      const file = await openFile(cid, await ownBlocks(), new ReadSession(), signal)
      const name = fileName(asked.name, cid)
      const body = method === 'GET' ? ReadableStream.from(piecesOf(file, signal)) : null
      return new Response(body, {
        headers: {
          ...always,
          'content-type': mediaTypeOf(name),
          'content-length': String(file.size),
          'content-disposition': `attachment; filename="${name}"`,
          etag: `"${cid.toString()}"`,
        },
      })
    } catch (error) {
      return problemResponse(explain(error, url.pathname))
    }
  }
}

async function* piecesOf(
  file: VerifiedFile,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let offset = 0; offset < file.size; offset += PIECE_BYTES) {
    const length = Math.min(PIECE_BYTES, file.size - offset)
    yield* await file.readAll([{ offset, length }], signal)
  }
}
