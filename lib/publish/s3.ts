// An S3 bucket as a publisher: readers of the bucket find the CAR and the files under the root's name.

import type { ObjectStore } from '../store/objects.ts'
import { depositUpload } from './deposit.ts'
import type { Publisher } from './publisher.ts'

/**
 * CAR and files under `<prefix>/<root>/`; the receipt's href is that folder, `s3://<bucket>/<prefix>/<root>/`.
 *
 * @param store made by `createS3Store`
 */
export function createS3Publisher(store: ObjectStore): Publisher {
  return {
    name: 's3',
    async publish(upload, signal) {
      const folder = upload.root.toString()
      const receipt = await depositUpload(upload, store, folder, signal)
      return { ...receipt, href: `${store.name}/${folder}/` }
    },
  }
}
