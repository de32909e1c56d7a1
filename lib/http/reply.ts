// A result as the API answers it: its content ids with the addresses under which this deployment serves them.

import type { NdviResult, PublishableResult } from '../model/result.ts'
import type { Verification } from '../model/verification.ts'
import { publicFolder } from '../publish/public-folder.ts'

export interface Address {
  readonly cid: string
  readonly ipfs: string
  readonly href: string
}

/** The published directory and its files, as this deployment serves them. */
export interface AddressedFiles {
  readonly root: Address
  readonly assets: Readonly<
    Record<string, Address & { readonly type: string; readonly size: number }>
  >
}

export interface NdviReply extends Omit<NdviResult, 'root' | 'assets' | 'facts'>, AddressedFiles {}

/** @param base address of this deployment, without a trailing slash */
export function ndviReply(result: NdviResult, base: string): NdviReply {
  const { facts: _, ...told } = result
  return { ...told, ...addressed(result, base) }
}

/** The directory that was computed again, as this deployment serves it. */
export interface VerifyReply extends Omit<Verification, 'root' | 'assets'>, AddressedFiles {}

/** @param base address of this deployment, without a trailing slash */
export function verifyReply(verification: Verification, base: string): VerifyReply {
  return { ...verification, ...addressed(verification, base) }
}

/**
 * Files that are public by themselves are told there.
 *
 * @param base address of this deployment, without a trailing slash
 */
export function addressed(
  {
    root,
    assets,
    publications = [],
  }: Pick<PublishableResult, 'root' | 'assets'> & Partial<Pick<PublishableResult, 'publications'>>,
  base: string,
): AddressedFiles {
  const rootHref = `${base}/ipfs/${root}`
  const folder = publicFolder(publications) ?? `${rootHref}/`
  const files = Object.entries(assets).map(([key, { file, cid, type, size }]) => [
    key,
    { cid, ipfs: `ipfs://${cid}`, href: `${folder}${file}`, type, size },
  ])
  return {
    root: { cid: root, ipfs: `ipfs://${root}`, href: rootHref },
    assets: Object.fromEntries(files),
  }
}
