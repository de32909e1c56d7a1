// The publisher of the local system: a folder of this deployment's own store, where a pinning service would stand.

import type { ObjectStore } from '../store/objects.ts'
import { depositUpload } from './deposit.ts'
import type { Publisher } from './publisher.ts'

/** CAR and files under `published/<root>/`. */
export function createLocalPublisher(store: ObjectStore): Publisher {
  return {
    name: 'local',
    publish: (parcel, signal) =>
      depositUpload(parcel, store, `published/${parcel.root.toString()}`, signal),
  }
}
