// What transport.json lists of a published result's files, held against what the item says of them.

import { clip, GreenprintError } from '../errors.ts'
import { canonicalJson } from '../ipld/canonical-json.ts'
import type { ReadRange } from '../model/bytes.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import { UNCHECKED_READS } from '../model/result.ts'
import type { TransportSource } from '../model/scene.ts'
import { type BandName, bandNames } from '../model/verify-request.ts'
import { notOurs, objectAt, textAt } from '../stac/published-fields.ts'
import { readHead } from '../stac/published-item.ts'
import { isJointItem } from '../stac/published-joint.ts'
import type { PublishedClaim } from './describe-verification.ts'
import { nameOfInput } from './write-receipt.ts'

export interface UncheckedReads {
  readonly claim: PublishedClaim
  /** Of the result's scenes; null of the only one. */
  readonly roles: readonly (string | null)[]
  readonly files: readonly UncheckedFile[]
}

export interface UncheckedFile {
  readonly role: string | null
  readonly band: BandName
  /** Of both: `red`, of several scenes `before.red`. */
  readonly name: string
  /** Key of the asset. */
  readonly key: string
  readonly source: TransportSource
  readonly ranges: readonly ReadRange[]
}

/** Names, addresses and tags; they come back in the reply. */
const MOST_LETTERS = 2048
/** Bytes of all ranges, by those of the file: the header is read more than once, tiles once. */
const MOST_TIMES_OVER = 4

/**
 * @param listed transport.json
 * @throws {GreenprintError} `item_invalid`; `content_unusable` for a list that is none of ours, or of other files than
 *   the item's
 */
export function readUncheckedReads(item: JsonObject, listed: Json): UncheckedReads {
  const { id, software, inputs } = readHead(item)
  const roles = isJointItem(item) ? Object.keys(inputs) : [null]
  const files = roles.flatMap((role) => {
    const own =
      role === null ? inputs : objectAt(inputs, role, `greenprint:inputs.${clip(role, 100)}`)
    const list = role === null ? listed : fieldOf(listed, role)
    return bandNames.flatMap((band) => {
      const input = own[band]
      if (!isJsonObject(input) || input['transport'] === undefined) return []
      const name = nameOfInput(role, band)
      if (name.length > MOST_LETTERS) throw notOurs('a scene has no name of a usual length')
      const file = readFile(name, fieldOf(list, band))
      if (canonicalJson(file.source) !== canonicalJson(input['transport']))
        throw unusable(`${clip(name, 100)} is another file there than in the item`)
      return [
        { ...file, role, band, key: textAt(input['asset'], `greenprint:inputs.${name}.asset`) },
      ]
    })
  })
  if (files.length === 0) throw notOurs('it names no file that was read unchecked')
  const last = roles.at(-1) ?? null
  const { id: scene, datetime } = objectAt(last === null ? inputs : objectAt(inputs, last), 'scene')
  return {
    claim: {
      id,
      software,
      scene: {
        id: textAt(scene, 'the id of its scene'),
        collection: null,
        datetime: typeof datetime === 'string' ? datetime : null,
        href: null,
      },
    },
    roles,
    files,
  }
}

function readFile(
  name: string,
  told: Json | undefined,
): Pick<UncheckedFile, 'name' | 'source' | 'ranges'> {
  const where = clip(name, 100)
  if (!isJsonObject(told)) throw unusable(`it lists nothing for ${where}`)
  const { href, size, etag, last_modified, ranges } = told
  const isVersion = isShort(href) && isCount(size) && isTag(etag) && isTag(last_modified)
  if (!isVersion) throw unusable(`it does not say which file ${where} is`)
  if (!Array.isArray(ranges) || ranges.length === 0) throw unusable(`${where} has no ranges`)
  if (!ranges.every(isRange))
    throw unusable(`a range of ${where} is not an offset, a length and a SHA-256`)
  const bytes = ranges.reduce((sum, { length }) => sum + length, 0)
  if (bytes > MOST_TIMES_OVER * size)
    throw unusable(`the ranges of ${where} have ${bytes} bytes together, of a file of ${size}`)
  return { name, source: { href, size, etag, last_modified }, ranges }
}

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function isShort(value: Json | undefined): value is string {
  return typeof value === 'string' && value.length <= MOST_LETTERS
}

function isTag(value: Json | undefined): value is string | null {
  return value === null || isShort(value)
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isRange(value: Json): value is Json & ReadRange {
  if (!isJsonObject(value)) return false
  const { offset, length, sha256 } = value
  const isDigest = typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)
  return isCount(offset) && isCount(length) && isDigest
}

/** @param what what is wrong with transport.json */
export function unusable(what: string, cause?: unknown): GreenprintError {
  const message = `${UNCHECKED_READS} is not a list of what was read for the result: ${what}.`
  return new GreenprintError('content_unusable', message, { cause })
}
