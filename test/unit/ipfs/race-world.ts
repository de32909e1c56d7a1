// A world without waiting for the race of gateways: sources that do what they are told, and virtual time.

import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../../../lib/async/clock.ts'
import type { BlockSource } from '../../../lib/ipfs/source.ts'
import { type Cid, RAW } from '../../../lib/ipld/cid.ts'
import { verifyBlock } from '../../../lib/ipld/verify.ts'
import { type FailureKind, SourceFailure } from '../../../lib/model/source-failure.ts'
import { noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'

export const forever = new AbortController().signal

type Answer = 'serve' | 'lie' | 'hang' | null | Error | { fail: FailureKind; retryAfterMs?: number }

/** What a source does `ms` after it was asked. */
export interface Deed {
  readonly ms: number
  readonly answer: Answer
}

/** A world without waiting: timers and the race's clock move only when `run` moves them. */
export function startWorld(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let now = 1_000_000
  const started = now
  const sleep = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      setTimeout(resolve, ms)
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
  const clock: Clock = { elapsed: () => now, now: () => now, sleep }
  const log: string[] = []

  /** A source that does its deeds one after the other, the last one again and again. */
  function source(name: string, ...deeds: readonly Deed[]) {
    const left = [...deeds]
    const made = {
      name,
      asked: 0,
      running: 0,
      most: 0,
      async get(asked: Cid, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> {
        log.push(`${name} ${now - started}`)
        made.asked++
        made.running++
        made.most = Math.max(made.most, made.running)
        const deed = left.length > 1 ? left.shift() : left[0]
        try {
          await sleep(deed?.answer === 'hang' ? 1e9 : (deed?.ms ?? 0), signal)
        } finally {
          made.running--
        }
        return answer(name, deed?.answer ?? null, asked)
      },
    } satisfies BlockSource & Record<string, unknown>
    return made
  }

  /** Moves time until the promise is settled. @returns how many milliseconds that took */
  async function run<T>(promise: Promise<T>): Promise<{ value: T; ms: number }> {
    const from = now
    const running = new Set([promise])
    const watched = promise.finally(() => running.clear())
    watched.catch(() => undefined)
    for (await turn(); running.size > 0; await turn()) {
      assert.ok(now - from < 3_600_000, 'it never ends')
      now += 5
      t.mock.timers.tick(5)
    }
    return { value: await watched, ms: now - from }
  }

  const pass = (ms: number) => run(sleep(ms, forever))
  return { clock, source, run, pass, log, at: () => now - started }
}

export const contents = new Map<string, Uint8Array<ArrayBuffer>>()

/** One block. */
export const bytes = noise(100)
export const cid = cidOfBlock(RAW, bytes)
contents.set(cid.toString(), bytes)

function answer(name: string, answer: Answer, asked: Cid): Uint8Array<ArrayBuffer> | null {
  if (answer === null || answer === 'hang') return null
  if (answer instanceof Error) throw answer
  if (answer === 'lie') return noise(100, 99)
  if (answer === 'serve') return contents.get(asked.toString()) ?? null
  throw new SourceFailure(name, answer.fail, `is ${answer.fail}`, {
    retryAfterMs: answer.retryAfterMs ?? null,
  })
}

/** Different blocks, each asked once. */
export function manyBlocks(count: number): Cid[] {
  return Array.from({ length: count }, (_, index) => {
    const block = noise(50, 1000 + index)
    const name = cidOfBlock(RAW, block)
    contents.set(name.toString(), block)
    return name
  })
}

export const serve = (ms: number): Deed => ({ ms, answer: 'serve' })
export const fail = (kind: FailureKind, ms = 10, retryAfterMs?: number): Deed => ({
  ms,
  answer: { fail: kind, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
})

/** What a source gives, checked as a plain copy does it. */
export function checked(source: BlockSource) {
  return async (asked: Cid, signal: AbortSignal) => {
    const block = verifyBlock(asked, (await source.get(asked, signal)) ?? new Uint8Array(0))
    if (block === null) throw new SourceFailure(source.name, 'refused', 'fits no CID')
    return block
  }
}
