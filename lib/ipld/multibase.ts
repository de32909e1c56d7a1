// CIDs as people write them: version 0, and version 1 in every multibase, https://github.com/multiformats/multibase

import { base2 } from 'multiformats/bases/base2'
import { base8 } from 'multiformats/bases/base8'
import { base10 } from 'multiformats/bases/base10'
import { base16, base16upper } from 'multiformats/bases/base16'
import {
  base32,
  base32hex,
  base32hexpad,
  base32hexpadupper,
  base32hexupper,
  base32pad,
  base32padupper,
  base32upper,
  base32z,
} from 'multiformats/bases/base32'
import { base36, base36upper } from 'multiformats/bases/base36'
import { base58btc, base58flickr } from 'multiformats/bases/base58'
import { base64, base64pad, base64url, base64urlpad } from 'multiformats/bases/base64'
import { base256emoji } from 'multiformats/bases/base256emoji'
import { CID } from 'multiformats/cid'

const bases = [
  base2,
  base8,
  base10,
  base16,
  base16upper,
  base32,
  base32upper,
  base32pad,
  base32padupper,
  base32hex,
  base32hexupper,
  base32hexpad,
  base32hexpadupper,
  base32z,
  base36,
  base36upper,
  base58btc,
  base58flickr,
  base64,
  base64pad,
  base64url,
  base64urlpad,
  base256emoji,
]
const byPrefix: ReadonlyMap<string, { decode(text: string): Uint8Array }> = new Map(
  bases.map((base) => [base.prefix, base]),
)

/** Letters: of 128 bytes and their prefix in base2. Decoding takes the square of the length in some bases. */
const MOST_LETTERS = 1_200

/** @throws {Error} for text that is not a CID */
export function decodeCidText(text: string): CID {
  if (text.length > MOST_LETTERS) throw new RangeError(`a CID has at most ${MOST_LETTERS} letters`)
  const [prefix = ''] = text
  const base = byPrefix.get(prefix)
  // Version 0 has no prefix.
  if (base === undefined) return CID.parse(text)
  const cid = CID.decode(base.decode(text))
  if (cid.version === 0) throw new RangeError('a CID of version 0 has no multibase prefix')
  return cid
}
