// A verification as the reply and the record have it.

import { canonicalDigest } from '../ipld/canonical-json.ts'
import { unsignedJson } from '../model/unsigned-url.ts'
import type { Difference, Verification } from '../model/verification.ts'
import type { PackedDirectory } from '../publish/directory.ts'
import { softwareLine } from '../software.ts'
import type { PublishedItem } from '../stac/published-item.ts'
import { describeScene } from './describe-result.ts'
import type { FoundPublished } from './find-published.ts'
import type { Provenance } from './provenance.ts'

/** SHA-256 of what is verified, and by which version: what is answered depends on nothing else. */
function verificationId({ item, root, files }: FoundPublished): string {
  return canonicalDigest({ kind: 'verify', item, root, files, software: softwareLine })
}

/** What a published item says of itself. */
export type PublishedClaim = Pick<PublishedItem, 'id' | 'software' | 'scene'>

export function describeVerification(
  published: FoundPublished,
  claim: PublishedClaim,
  directory: PackedDirectory,
  differs: readonly Difference[],
  provenance: Provenance,
): Verification {
  const { root, files } = published
  const { id, software, scene } = claim
  const versions =
    software === softwareLine
      ? []
      : [`the result was made by ${software}, and is computed again by ${softwareLine}`]
  return unsignedJson({
    id: verificationId(published),
    cached: false,
    reproduced: differs.length === 0,
    item: describeScene(scene, 'The scene that the published item names.'),
    published: { root, files, item: id, software },
    differs,
    root: directory.root.toString(),
    assets: directory.assets,
    publications: [],
    proof: { software: softwareLine, trust: provenance.trust, bands: provenance.bands },
    warnings: [...versions, ...provenance.warnings],
  })
}
