// Negotiation by Accept and Accept-Encoding: which of several offers a caller prefers (RFC 9110, 12.4 and 12.5).

// hono's parser is the one that its own helpers use. Those decide by the order of the header alone.
import { parseAccept } from 'hono/utils/accept'

export interface Accepted {
  /** Media type or coding, in small letters. */
  readonly name: string
  readonly parameters: Readonly<Record<string, string>>
}

/** The entries that are not refused, the most wanted first: for types whose parameters matter. */
export function readAccept(header: string | null): Accepted[] {
  return parseAccept(header ?? '')
    .filter(({ q }) => q > 0)
    .map(({ type, params }) => ({ name: type.toLowerCase(), parameters: params }))
}

interface Match {
  readonly offer: string
  /** 0 to 1; 0 refuses. */
  readonly quality: number
  /** How exactly the offer is named: by itself, by `type/*`, by `*`. */
  readonly precision: number
  /** Where in the header, most wanted first. */
  readonly position: number
}

/**
 * The offer that the header prefers, or null when it accepts none of them or is empty.
 *
 * @param offers lower-case media types or codings
 * @param ties what decides between offers that are named equally: the order of the header, or that of the offers
 */
export function negotiate<Offer extends string>(
  header: string | null | undefined,
  offers: readonly Offer[],
  ties: 'header' | 'offers',
): Offer | null {
  const ranges = parseAccept(header ?? '')
  const matches = offers.flatMap((offer) => {
    const match = bestMatch(offer, ranges)
    return match !== null && match.quality > 0 ? [{ ...match, offer }] : []
  })
  const [best] = matches.toSorted(
    (one, other) =>
      other.quality - one.quality ||
      other.precision - one.precision ||
      (ties === 'header' ? one.position - other.position : 0),
  )
  return best?.offer ?? null
}

/** The most exact range that names the offer decides its quality: `gzip;q=0, *` refuses gzip. */
function bestMatch(offer: string, ranges: ReturnType<typeof parseAccept>): Match | null {
  let best: Match | null = null
  for (const [position, { type, q }] of ranges.entries()) {
    const precision = precisionOf(type.toLowerCase(), offer)
    if (precision > (best?.precision ?? 0)) best = { offer, quality: q, precision, position }
  }
  return best
}

function precisionOf(range: string, offer: string): number {
  if (range === offer) return 3
  if (range === '*' || range === '*/*') return 1
  return range.endsWith('/*') && offer.startsWith(range.slice(0, -1)) ? 2 : 0
}
