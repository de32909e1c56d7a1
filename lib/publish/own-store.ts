// This deployment's own store as a publisher: what it is given stays, under one prefix, whatever else expires.

import { matchesCid } from '../ipld/cid.ts'
import type { ContentStore } from '../kept/content-store.ts'
import type { Receipt } from '../model/result.ts'
import { mediaTypeOf } from './media-types.ts'
import type { FolderOf } from './public-folder.ts'
import type { Publisher } from './publisher.ts'
import type { Upload } from './upload.ts'

type Content = Pick<ContentStore, 'publish' | 'published'>

/** The publisher of the local system, in place of a pinning service: files under `published/<root>/`. */
export function createLocalPublisher(content: Content): Publisher {
  return {
    name: 'local',
    keepsHere: true,
    publish: (upload, signal) => keepForGood(upload, content, signal),
  }
}

/** An S3 bucket: its readers find the files in the folder that the receipt's href names. */
export function createS3Publisher(content: Content, folderOf: FolderOf): Publisher {
  return {
    name: 's3',
    keepsHere: true,
    async publish(upload, signal) {
      const receipt = await keepForGood(upload, content, signal)
      return { ...receipt, href: folderOf(upload.root.toString()) }
    },
  }
}

/** `held` when the sample blocks, read back from what stays, match their CIDs. */
async function keepForGood(
  { root, sampleBlocks }: Upload,
  { publish, published }: Content,
  signal: AbortSignal,
): Promise<Receipt> {
  if (!(await publish(root, mediaTypeOf, signal))) {
    return unproven(`a part of ${root.toString()} is not in the store any more`)
  }
  for (const { cid } of sampleBlocks) {
    const block = await published.get(cid, signal)
    if (block === null || !matchesCid(cid, block)) {
      return unproven(
        `block ${cid.toString()} cannot be read back from published/${root.toString()}`,
      )
    }
  }
  return { status: 'held' }
}

function unproven(reason: string): Receipt {
  return { status: 'unproven', reason }
}
