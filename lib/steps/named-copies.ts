// Plain copies that a verification names, by the bands that a result has.

import { clip, GreenprintError } from '../errors.ts'
import { type BandName, bandNames, type VerifyRequest } from '../model/verify-request.ts'
import { nameOfInput } from './write-receipt.ts'

export type BandCopies = Readonly<Partial<Record<BandName, readonly string[]>>>

/**
 * Of each scene those of its own bands.
 *
 * @param roles what the scenes are in the result; null for the only one
 * @throws {GreenprintError} `invalid_request` for copies of what the result is not made of
 */
export function copiesByScene<Role extends string | null>(
  { copies = {} }: VerifyRequest,
  roles: readonly Role[],
): ReadonlyMap<Role, BandCopies> {
  const left = new Map(Object.entries(copies))
  const byScene = roles.map((role) => {
    const own = bandNames.flatMap((band) => {
      const name = nameOfInput(role, band)
      const addresses = left.get(name)
      left.delete(name)
      return addresses === undefined ? [] : [[band, addresses] as const]
    })
    return [role, Object.fromEntries(own)] as const
  })
  const [other] = left.keys()
  if (other === undefined) return new Map(byScene)
  const named = roles.slice(0, 2).map((role) => `"${nameOfInput(role, 'red')}"`)
  throw new GreenprintError(
    'invalid_request',
    `copies: the result has no band "${clip(other, 100)}": its bands are named as ${named.join(', ')}.`,
  )
}
