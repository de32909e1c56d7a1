// What this deployment says, under its name, of a result that it made: an in-toto Statement.

import { createHash } from 'node:crypto'
import type { JsonObject } from '../model/json.ts'
import type { NdviResult } from '../model/result.ts'
import { mediaTypeOf } from '../publish/media-types.ts'
import type { FileContent } from '../store/file-content.ts'
import type { OpenBand } from './open-bands.ts'
import type { Computed } from './output-files.ts'

/** Milliseconds since 1970. */
export interface RunTimes {
  readonly started: number
  readonly finished: number
}

/** What the predicate of a receipt is: docs/verify.md#receipts. */
const RECEIPT_TYPE = 'greenprint:receipt/v1'

/**
 * https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md: the files by their SHA-256, and what they were
 * made of. It depends on no caller but for the checksums, which are told together with their verdicts.
 */
export async function writeReceipt(
  { recipe, scene, bands: { red, nir, qa } }: Pick<Computed, 'recipe' | 'scene' | 'bands'>,
  files: ReadonlyMap<string, FileContent>,
  { root, id, proof }: Pick<NdviResult, 'root' | 'id' | 'proof'>,
  { started, finished }: RunTimes,
  signal: AbortSignal,
): Promise<JsonObject> {
  const subject: JsonObject[] = []
  for (const [name, content] of files) {
    const digest = { sha256: await digestOf(content, signal) }
    subject.push({ name, uri: `ipfs://${root}/${name}`, digest, mediaType: mediaTypeOf(name) })
  }
  const inputs = Object.entries({ red, nir, qa }).flatMap(([name, band]) => {
    const read = proof.bands[name]
    return band === null || read === undefined ? [] : [[name, describeInput(band, read)] as const]
  })
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType: RECEIPT_TYPE,
    predicate: {
      root,
      result: id,
      scene: { id: scene.id, collection: scene.collection },
      trust: proof.trust,
      inputs: Object.fromEntries(inputs),
      request: recipe.request,
      software: recipe.software,
      started: new Date(started).toISOString(),
      finished: new Date(finished).toISOString(),
    },
  }
}

/** Whose checksum it is, and what it says where it was not compared, is the caller's word: it is not signed. */
function describeInput(
  { asset, file }: OpenBand,
  { trust, cid, transport, producer_checksum: found }: NdviResult['proof']['bands'][string],
): JsonObject {
  const isCompared = found.status === 'verified' || found.status === 'mismatch'
  return {
    asset: asset.key,
    size: file.size,
    trust,
    ...(asset.content === null ? { cid: null } : { cid, path: asset.content.path }),
    ...(transport === undefined ? {} : { transport: { ...transport } }),
    checksum: {
      status: found.status,
      ...(isCompared ? { value: asset.checksum ?? null } : {}),
      ...('reason' in found ? { reason: found.reason } : {}),
    },
  }
}

async function digestOf(content: FileContent, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of content.pieces(signal)) hash.update(piece)
  return hash.digest('hex')
}
