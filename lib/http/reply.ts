// A result as the API answers it: its content ids with the addresses under which this deployment serves them.

import type { NdviResult } from '../model/result.ts'

export interface Address {
  readonly cid: string
  readonly ipfs: string
  readonly href: string
}

export interface NdviReply extends Omit<NdviResult, 'root' | 'assets'> {
  readonly root: Address
  readonly assets: Readonly<
    Record<string, Address & { readonly type: string; readonly size: number }>
  >
}

/** @param base address of this deployment, without a trailing slash */
export function ndviReply(result: NdviResult, base: string): NdviReply {
  const { root, assets, ...rest } = result
  const rootHref = `${base}/ipfs/${root}`
  const addressed = Object.entries(assets).map(([key, { file, cid, type, size }]) => [
    key,
    { cid, ipfs: `ipfs://${cid}`, href: `${rootHref}/${file}`, type, size },
  ])
  return {
    ...rest,
    root: { cid: root, ipfs: `ipfs://${root}`, href: rootHref },
    assets: Object.fromEntries(addressed),
  }
}
