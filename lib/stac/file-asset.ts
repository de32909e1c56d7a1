// What an item says of the file of an asset, whatever is in it: where plain copies are, its checksum and size.

import { isJsonObject, type JsonObject } from '../model/json.ts'
import { namesContent } from './content-reference.ts'
import type { Item, ItemAsset } from './item.ts'

export interface FileAsset {
  /** Key of the asset in the item. */
  readonly key: string
  /** Addresses of plain copies of the same file, https: and s3:, in the item's order. */
  readonly mirrors: readonly string[]
  /** `file:checksum` as the item carries it, also under its name before STAC 1.0, `checksum:multihash`. */
  readonly checksum?: string
  /** `file:size`, bytes. */
  readonly size?: number
  /** The hash of a list of sums beside the files, which is known and not read. */
  readonly sums?: string
}

export function readFileAsset({ assets }: Pick<Item, 'assets'>, asset: ItemAsset): FileAsset {
  const { fields, key } = asset
  const checksum = checksumOf(fields)
  const size = fields['file:size']
  const sums = sumsIn(assets)
  return {
    key,
    mirrors: readMirrors(asset),
    ...(checksum === undefined ? {} : { checksum }),
    ...(typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? { size } : {}),
    ...(sums === undefined ? {} : { sums }),
  }
}

/** Geoscience Australia's packages: an asset `checksum:sha1` is a text file of sums, one line a file. */
function sumsIn(assets: readonly ItemAsset[]): string | undefined {
  const named = assets.map(({ key }) => /^checksum:([a-z0-9-]+)$/i.exec(key)?.[1])
  const name = named.find((each) => each !== undefined)
  return name?.toUpperCase().replace(/^SHA(?=\d)/, 'SHA-')
}

function checksumOf(fields: JsonObject): string | undefined {
  const texts = [fields['file:checksum'], fields['checksum:multihash']]
  return texts.find((text): text is string => typeof text === 'string' && text !== '')
}

/** Copies of one file that are known, and those of one host or bucket. */
const MOST_COPIES = 8
const MOST_OF_ORIGIN = 3

/**
 * https and s3 addresses of the asset and of its alternates that name no content themselves: STAC says of
 * alternates that they are exactly the same file.
 */
function readMirrors({ fields, href, url }: ItemAsset): string[] {
  const alternates = Object.values(isJsonObject(fields.alternate) ? fields.alternate : {})
  const texts = [
    url,
    href,
    ...alternates.map((value) => (isJsonObject(value) ? value.href : value)),
  ]
  const plain = texts.filter(
    (text): text is string =>
      typeof text === 'string' && /^(https?|s3):\/\//i.test(text) && !namesContent(text),
  )
  return fewOf([...new Set(plain)])
}

/** Every one may be asked: an item must not make this deployment ask thousands of times. */
function fewOf(addresses: readonly string[]): string[] {
  const origins = new Map<string, number>()
  const few = addresses.filter((address) => {
    const origin = URL.parse(address)?.host ?? address
    const count = (origins.get(origin) ?? 0) + 1
    origins.set(origin, count)
    return count <= MOST_OF_ORIGIN
  })
  return few.slice(0, MOST_COPIES)
}
