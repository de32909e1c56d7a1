// A directory of odd files in the store of an app, asked for by its address.

import type { Bindings } from '../../../../lib/http/time-limit.ts'
import type { DagBlock } from '../../../../lib/ipld/dag-block.ts'
import { noise } from '../../../harness/blocks.ts'
import { importDirectory } from '../../../harness/import-dag.ts'
import { startApp } from '../app-under-test.ts'

const signal = new AbortController().signal
export const text = (value: string) => new TextEncoder().encode(value)
export const page = '<html><script>alert(document.cookie)</script></html>'

export const files = new Map<string, Uint8Array<ArrayBuffer>>([
  ['figure.png', noise(3_000)],
  ['item.json', text('{"type":"Feature"}')],
  ['request.json', text('{}')],
  ['ndvi.tif', noise(2_500_000, 2)],
  ['page.html', text(page)],
  ['drawing.svg', text('<svg onload="alert(1)"/>')],
  ['a b+ü%?#&"\'<i>.txt', text('odd')],
])

export const app = await startApp()
export const { root: rootCid, blocks } = await importDirectory(files, 'unixfs-v1-2025')
export const root = rootCid.toString()
await keep(blocks)

export async function keep(dag: readonly DagBlock[]): Promise<void> {
  for (const { cid, bytes } of dag) await app.services.store.put(cid, bytes, signal)
}

export const ask = (path: string, init?: RequestInit, bindings?: Bindings) =>
  app.ask(`/ipfs/${path}`, init, bindings)
export const get = (path: string, headers: Record<string, string> = {}) => ask(path, { headers })
export const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())

/** Headers, but for how long it took. */
export function untimed(response: Response): [string, string][] {
  return [...response.headers].filter(([name]) => name !== 'server-timing')
}
