// A verification as the reply and the record have it.

import { canonicalDigest } from '../ipld/canonical-json.ts'
import type { BandProof } from '../model/result.ts'
import type { Scene } from '../model/scene.ts'
import { unsignedJson } from '../model/unsigned-url.ts'
import type { Difference, ReadVerdict, Verification } from '../model/verification.ts'
import type { PackedDirectory } from '../publish/directory.ts'
import { softwareLine } from '../software.ts'
import type { PublishedHead } from '../stac/published-item.ts'
import { describeScene } from './describe-result.ts'
import type { FoundPublished } from './find-published.ts'
import type { Provenance } from './provenance.ts'

/** SHA-256 of what is verified, and by which version: what is answered depends on nothing else. */
function verificationId({ item, root, files }: FoundPublished): string {
  return canonicalDigest({ kind: 'verify', item, root, files, software: softwareLine })
}

/** What a published item says of itself. */
export interface PublishedClaim extends PublishedHead {
  readonly scene: Pick<Scene, 'id' | 'collection' | 'datetime' | 'href'>
}

/** What is said of what is verified, whatever comes of it. */
function toldOf(published: FoundPublished, { id, software, scene }: PublishedClaim) {
  const { root, files } = published
  return {
    id: verificationId(published),
    cached: false,
    item: describeScene(scene, 'The scene that the published item names.'),
    published: { root, files, item: id, software },
    publications: [],
  }
}

export function describeVerification(
  published: FoundPublished,
  claim: PublishedClaim,
  directory: PackedDirectory,
  differs: readonly Difference[],
  provenance: Provenance,
): Verification {
  const { software } = claim
  const versions =
    software === softwareLine
      ? []
      : [`the result was made by ${software}, and is computed again by ${softwareLine}`]
  return unsignedJson({
    ...toldOf(published, claim),
    reproduced: differs.length === 0,
    differs,
    root: directory.root.toString(),
    assets: directory.assets,
    proof: { software: softwareLine, trust: provenance.trust, bands: provenance.bands },
    warnings: [...versions, ...provenance.warnings],
  })
}

/** A result that cannot be computed again, by what fingerprints say of the files that were read for it. */
export function describeReads(
  published: FoundPublished & { readonly root: string },
  claim: PublishedClaim,
  reads: Readonly<Record<string, ReadVerdict>>,
  bands: Readonly<Record<string, BandProof>>,
): Verification {
  return unsignedJson({
    ...toldOf(published, claim),
    reproduced: null,
    reads,
    differs: [],
    root: published.root,
    assets: {},
    proof: { software: softwareLine, trust: 'transport', bands },
    warnings: [
      'the result is not computed again, for its item names no content: only what its transport.json lists is compared',
    ],
  })
}
