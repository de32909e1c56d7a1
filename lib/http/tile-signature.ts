// What stands in the addresses of tiles for the token that asked where they are: maps and `<img>` send no token. It is
// good for one map, drawn in one way, and for a day.

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Config } from '../config/config.ts'
import { GreenprintError } from '../errors.ts'
import { canonicalDigest } from '../ipld/canonical-json.ts'
import type { TileSource } from '../model/tile.ts'

type Tokens = Config['tokens']

/** Seconds. */
const DAY = 24 * 60 * 60
/** Within an hour the addresses stay as they are, and what caches keep of them. */
const STEP = 60 * 60

/** @param now milliseconds of the clock */
export function signTiles(source: TileSource, { token }: Tokens[number], now: number): string {
  const end = Math.ceil(now / 1000 / STEP) * STEP + DAY
  return `${end}.${codeOf(signedText(source, end), token)}`
}

export interface TileSigner {
  /** Name of the token that stands behind the signature. */
  readonly name: string
  /** Seconds for which it is still good. */
  readonly left: number
}

/**
 * Every token is compared, in constant time: with a token its signatures end.
 *
 * @param now milliseconds of the clock
 * @throws {GreenprintError} `unauthorized`
 */
export function tileSigner(
  signature: string,
  source: TileSource,
  tokens: Tokens,
  now: number,
): TileSigner {
  const [, end = '', given = ''] = /^(\d{1,12})\.([\w-]{43})$/.exec(signature) ?? []
  const text = signedText(source, Number(end))
  let name: string | null = null
  for (const each of tokens) {
    const expected = Buffer.from(codeOf(text, each.token))
    if (given.length === expected.length && timingSafeEqual(expected, Buffer.from(given)))
      name = each.name
  }
  if (name === null) throw refused('is not that of these tiles')
  const left = Math.floor(Number(end) - now / 1000)
  // Longer than it is made for: another clock, or another program.
  if (left <= 0 || left > DAY + STEP) throw refused('has ended')
  return { name, left }
}

function signedText(source: TileSource, end: number): string {
  return `${end} ${canonicalDigest({ ...source })}`
}

/** With a key that is the token's own and serves nothing else. */
function codeOf(text: string, token: string): string {
  const key = createHmac('sha256', token).update('greenprint tiles 1').digest()
  return createHmac('sha256', key).update(text).digest('base64url')
}

function refused(what: string): GreenprintError {
  return new GreenprintError(
    'unauthorized',
    `The signature (sig) ${what}: ask for /tilejson.json or /WMTSCapabilities.xml again, with a token.`,
  )
}
