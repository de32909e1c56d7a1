// What reading one file cost: the proof's numbers.

import { blockKey, type Cid } from '../ipld/cid.ts'

export class ReadLedger {
  readonly #blocks = new Map<string, { readonly bytes: number; readonly source: string }>()
  #requests = 0

  /** A block counts once, under the source that served it first. */
  record(cid: Cid, bytes: number, source: string): void {
    const key = blockKey(cid)
    if (!this.#blocks.has(key)) this.#blocks.set(key, { bytes, source })
  }

  /** A request over the network, won or lost. */
  countRequest(): void {
    this.#requests++
  }

  get totals(): {
    bytes_read: number
    blocks: number
    requests: number
    sources: Record<string, number>
  } {
    const sources: Record<string, number> = {}
    let bytes = 0
    for (const block of this.#blocks.values()) {
      bytes += block.bytes
      sources[block.source] = (sources[block.source] ?? 0) + 1
    }
    return { bytes_read: bytes, blocks: this.#blocks.size, requests: this.#requests, sources }
  }
}
