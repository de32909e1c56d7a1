// What this deployment says, under its name, of a result that it made: an in-toto Statement.

import { createHash } from 'node:crypto'
import type { JsonObject } from '../model/json.ts'
import type { NdviResult } from '../model/result.ts'
import type { Scene } from '../model/scene.ts'
import { mediaTypeOf } from '../publish/media-types.ts'
import type { FileContent } from '../store/file-content.ts'
import type { Bands, OpenBand } from './open-bands.ts'
import type { Recipe } from './recipe.ts'

/** Milliseconds since 1970. */
export interface RunTimes {
  readonly started: number
  readonly finished: number
}

/** A scene that was read. */
export interface ReceiptSource {
  /** What it is in the result; null where the result is of it alone. */
  readonly role: string | null
  readonly scene: Pick<Scene, 'id' | 'collection'>
  readonly bands: Bands
  readonly proof: Pick<NdviResult['proof'], 'bands'>
}

export interface ReceiptOf {
  readonly recipe: Pick<Recipe, 'request' | 'software'>
  readonly sources: readonly ReceiptSource[]
}

/** What the predicate of a receipt is: docs/verify.md#receipts. */
const RECEIPT_TYPE = 'greenprint:receipt/v1'

/**
 * https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md: the files by their SHA-256, and what they were
 * made of. It depends on no caller but for the checksums, which are told together with their verdicts.
 */
export async function writeReceipt(
  { recipe, sources }: ReceiptOf,
  files: ReadonlyMap<string, FileContent>,
  {
    root,
    id,
    proof,
  }: Pick<NdviResult, 'root' | 'id'> & { readonly proof: Pick<NdviResult['proof'], 'trust'> },
  { started, finished }: RunTimes,
  signal: AbortSignal,
): Promise<JsonObject> {
  const subject: JsonObject[] = []
  for (const [name, content] of files) {
    const digest = { sha256: await digestOf(content, signal) }
    subject.push({ name, uri: `ipfs://${root}/${name}`, digest, mediaType: mediaTypeOf(name) })
  }
  const inputs = sources.flatMap((source) => inputsOf(source))
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType: RECEIPT_TYPE,
    predicate: {
      root,
      result: id,
      ...scenesOf(sources),
      trust: proof.trust,
      inputs: Object.fromEntries(inputs),
      request: recipe.request,
      software: recipe.software,
      started: new Date(started).toISOString(),
      finished: new Date(finished).toISOString(),
    },
  }
}

/** One scene by itself, several by what they are in the result. */
function scenesOf(sources: readonly ReceiptSource[]): JsonObject {
  const told = sources.map(
    ({ role, scene: { id, collection } }) => [role, { id, collection }] as const,
  )
  const alone = told.find(([role]) => role === null)
  return alone === undefined ? { scenes: Object.fromEntries(told) } : { scene: alone[1] }
}

function inputsOf({ role, bands: { red, nir, qa }, proof }: ReceiptSource) {
  return Object.entries({ red, nir, qa }).flatMap(([name, band]) => {
    const read = proof.bands[name]
    if (band === null || read === undefined) return []
    return [[nameOfInput(role, name), describeInput(band, read)] as const]
  })
}

/** A band by its name, of one of several scenes as `before.red`. */
export function nameOfInput(role: string | null, band: string): string {
  return role === null ? band : `${role}.${band}`
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
