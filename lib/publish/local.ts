// The publisher of the local system: a folder of this deployment's own store, in place of a pinning service.

import type { ObjectStore } from '../store/objects.ts'
import { depositUpload } from './deposit.ts'
import type { Publisher } from './publisher.ts'

/** CAR and files under `published/<root>/`. */
export function createLocalPublisher(store: ObjectStore): Publisher {
  return {
    name: 'local',
    publish: (upload, signal) =>
      depositUpload(upload, store, `published/${upload.root.toString()}`, signal),
  }
}
