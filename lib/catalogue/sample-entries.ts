// What a local system finds before anything was made: the sample's own item.

import { SAMPLE_COLLECTION, sampleItem } from '../sample/sample.ts'
import type { FixedEntries } from './catalogue.ts'

export const sampleEntries: FixedEntries = {
  collections: [SAMPLE_COLLECTION],
  load: async () => [{ collection: SAMPLE_COLLECTION, item: await sampleItem(), root: null }],
}
