// A file that is kept here already, as one that is on its way to where it is kept.

import type { Blocks } from '../ipfs/blocks.ts'
import { openFile } from '../ipfs/file.ts'
import { ReadSession } from '../ipfs/read-session.ts'
import { parseCid } from '../ipld/cid.ts'
import type { ResultAsset } from '../model/result.ts'
import type { FileContent } from '../store/file-content.ts'
import type { GroupState } from './series-rows.ts'

/** Of a file, in memory at a time. */
const PIECE_BYTES = 4 * 1024 * 1024

/** Its pieces throw `content_unavailable` where it is not kept any more. */
function keptFile({ cid, size }: Pick<ResultAsset, 'cid' | 'size'>, kept: Blocks): FileContent {
  return {
    size,
    async *pieces(signal) {
      const file = await openFile(parseCid(cid), kept, new ReadSession(), signal)
      for (let offset = 0; offset < file.size; offset += PIECE_BYTES) {
        const length = Math.min(PIECE_BYTES, file.size - offset)
        yield* await file.readAll([{ offset, length }], signal)
      }
    },
  }
}

/** `zones.json` of each group that was counted. */
export function countedFiles(states: readonly GroupState[], kept: Blocks): FileContent[] {
  return states.flatMap((state) => {
    const file = state.status === 'done' ? state.result.assets['zones'] : undefined
    return file === undefined ? [] : [keptFile(file, kept)]
  })
}
