// An upload in an object store: its CAR and its files in one folder, and the proof that they are there.

import { matchesCid } from '../ipld/cid.ts'
import type { Receipt } from '../model/result.ts'
import type { ObjectStore } from '../store/objects.ts'
import type { Upload } from './publisher.ts'

const CAR_TYPE = 'application/vnd.ipld.car; version=1'

/**
 * Writes what is not there yet; what is there under this root should be the same already. `held` when every object has
 * the right size and the sample blocks, read back from the CAR, match their CIDs.
 *
 * @param folder key of the folder, without a slash at its end
 * @throws {GreenprintError} `store_failed`
 */
export async function depositUpload(
  upload: Upload,
  store: ObjectStore,
  folder: string,
  signal: AbortSignal,
): Promise<Receipt> {
  const carName = `${upload.root.toString()}.car`
  const objects = [[carName, { bytes: upload.car, type: CAR_TYPE }] as const, ...upload.files]
  for (const [name, file] of objects) {
    const { bytes, type } = file
    const key = `${folder}/${name}`
    const options = { ifNoneMatch: '*', contentType: type } as const
    const { written } = await store.put(key, bytes, options, signal)
    if (!written && (await store.size(key, signal)) !== bytes.length) {
      return unproven(`${store.name}/${folder} already has a different ${name}`)
    }
  }
  for (const { cid, offset, length } of upload.sampleBlocks) {
    const block = await store.getRange(`${folder}/${carName}`, offset, length, signal)
    if (block === null || !matchesCid(cid, block)) {
      return unproven(
        `block ${cid.toString()} cannot be read back from ${store.name}/${folder}/${carName}`,
      )
    }
  }
  return { status: 'held' }
}

function unproven(reason: string): Receipt {
  return { status: 'unproven', reason }
}
