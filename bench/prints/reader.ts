// One reading in a process of its own, so that its time, its CPU and its memory are nobody else's.

import { systemClock } from '../../lib/async/clock.ts'
import { BufferPool } from '../../lib/copies/buffers.ts'
import { createHttpCopy } from '../../lib/copies/http-copy.ts'
import { openWhole } from '../../lib/copies/read-whole.ts'
import { makeFingerprint } from '../../lib/fingerprints/make.ts'
import { createHttp } from '../../lib/net/http.ts'
import { createSigner } from '../../lib/signing/signer.ts'

/** `ranges`: the same parallel ranges, thrown away. */
export type Kind = 'ranges' | 'fingerprint'

export interface Job {
  readonly kind: Kind
  /** Read at once. */
  readonly urls: readonly string[]
}

export interface Cost {
  readonly ms: number
  /** Of all threads. */
  readonly cpuMs: number
  /** Most bytes that the process had in memory, node and its modules among them. */
  readonly peakBytes: number
}

/** As in lib/services.ts. */
const buffers = new BufferPool(8, 8 * 1024 * 1024)
const http = createHttp({ allowedHosts: [], allowPrivate: true })
const signer = createSigner([], http, systemClock)
const means = { buffers, clock: systemClock, maxFileBytes: 2 ** 30 }
const never = new AbortController().signal

async function read(url: string, kind: Kind): Promise<void> {
  const copy = createHttpCopy(url, http, signer, systemClock)
  if (copy === null) throw new TypeError(`${url} is no address`)
  if (kind === 'fingerprint') {
    const wish = { profile: 'unixfs-v1-2025', checksum: null, size: null } as const
    await makeFingerprint(copy, wish, means, {}, never)
    return
  }
  const whole = await openWhole(copy, means, never)
  try {
    let left = whole.version.size
    for await (const piece of whole.pieces) left -= piece.length
    if (left !== 0) throw new RangeError(`${url} ended ${left} bytes early`)
  } finally {
    await whole.close()
  }
}

async function answer(job: Job): Promise<void> {
  const started = performance.now()
  const cpu = process.cpuUsage()
  await Promise.all(job.urls.map((url) => read(url, job.kind)))
  const { user, system } = process.cpuUsage(cpu)
  const cost: Cost = {
    ms: performance.now() - started,
    cpuMs: (user + system) / 1000,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }
  process.send?.(cost)
  process.disconnect()
}

process.on('message', (job: Job) => void answer(job))
