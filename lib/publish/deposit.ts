// A parcel in an object store: its CAR and its files side by side in one folder, and the proof that they are there.

import { matchesCid } from '../ipld/cid.ts'
import type { ObjectStore } from '../store/objects.ts'
import type { Receipt, Upload } from './publisher.ts'

const CAR_TYPE = 'application/vnd.ipld.car; version=1'

/**
 * Puts what is not there yet; what has this root for a name should be the same already. `held` when
 * everything that was there before has its size, and the witnesses, read back from the CAR, hash to what they are.
 *
 * @param folder key of the folder, without a slash at its end
 * @throws {GreenprintError} `store_failed`
 */
export async function depositUpload(
  parcel: Upload,
  store: ObjectStore,
  folder: string,
  signal: AbortSignal,
): Promise<Receipt> {
  const carName = `${parcel.root.toString()}.car`
  const objects = [[carName, { bytes: parcel.car, type: CAR_TYPE }] as const, ...parcel.files]
  for (const [name, file] of objects) {
    const { bytes, type } = file
    const key = `${folder}/${name}`
    const options = { ifNoneMatch: '*', contentType: type } as const
    const { written } = await store.put(key, bytes, options, signal)
    if (!written && (await store.size(key, signal)) !== bytes.length) {
      return { held: false, reason: `another ${name} lies in ${store.name}/${folder}` }
    }
  }
  for (const { cid, offset, length } of parcel.witnesses) {
    const block = await store.getRange(`${folder}/${carName}`, offset, length, signal)
    if (block === null || !matchesCid(cid, block)) {
      const reason = `block ${cid.toString()} cannot be read back from ${store.name}/${folder}/${carName}`
      return { held: false, reason }
    }
  }
  return { held: true }
}
