// What is remembered of a source: its speed, its failures, and when it is asked again.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SourceScore } from '../../../lib/ipfs/source-score.ts'
import { type FailureKind, SourceFailure } from '../../../lib/model/source-failure.ts'

const failure = (kind: FailureKind, retryAfterMs: number | null = null) =>
  new SourceFailure('gateway', kind, 'reason', { retryAfterMs })

/** Served often enough to be known by this latency. */
function settled(ms: number): SourceScore {
  const score = new SourceScore()
  for (let i = 0; i < 50; i++) score.served(ms)
  return score
}

/** The first moment after `from` at which a source is no longer cooling, to a tenth of a second. */
function coolsUntil(score: SourceScore, from: number): number {
  for (let at = from; at < from + 3_600_000; at += 100) if (score.rank(at) < 1e9) return at
  return Number.POSITIVE_INFINITY
}

describe('the order of sources', () => {
  it('is by measured latency, an untried one between fast and slow ones', () => {
    const ranks = [settled(50), new SourceScore(), settled(500), settled(5_000)].map((score) =>
      score.rank(0),
    )
    assert.deepEqual(
      ranks,
      ranks.toSorted((a, b) => a - b),
    )
    assert.equal(new Set(ranks).size, ranks.length)
  })

  it('follows a change of latency within a few blocks', () => {
    const score = settled(1_000)
    for (let i = 0; i < 8; i++) score.served(50)
    assert.ok(score.rank(0) < settled(150).rank(0))
  })

  it('puts a source that failed behind its equals, until it serves again', () => {
    const score = settled(100)
    const before = score.rank(0)
    score.failed(failure('broken'), 0)
    assert.ok(score.rank(60_000) > before)
    score.served(100)
    assert.ok(Math.abs(score.rank(60_000) - before) < 1e-3)
  })

  it('puts cooling sources after all others, the soonest back first', () => {
    const [soon, late] = [settled(10), settled(10)]
    soon.failed(failure('busy', 1_000), 0)
    late.failed(failure('busy', 30_000), 0)
    assert.ok(settled(60_000).rank(0) < soon.rank(0))
    assert.ok(soon.rank(0) < late.rank(0))
  })
})

describe('a source that was outrun', () => {
  it('is at least that slow, and comes later', () => {
    const score = settled(100)
    const before = score.rank(0)
    score.outrun(2_000, 0)
    assert.ok(score.rank(0) > 5 * before)
  })

  it('is not thought slower for losing by less than its own latency', () => {
    const score = settled(100)
    const before = score.rank(0)
    score.outrun(100, 0)
    score.outrun(20, 0)
    assert.equal(score.rank(0), before)
  })
})

describe('the wait before another source is asked too', () => {
  const rows = [
    ['three times the latency', 200, 600],
    ['at least 150 ms', 5, 150],
    ['at most two seconds', 5_000, 2_000],
  ] as const
  for (const [name, latency, expected] of rows) {
    it(`is ${name}`, () => {
      assert.ok(Math.abs(settled(latency).hedgeMs - expected) < 1)
    })
  }

  it('is 750 ms for a source that was never asked', () => {
    assert.equal(new SourceScore().hedgeMs, 750)
  })
})

describe('a source is left alone', () => {
  it('not at all for what says nothing about the next block', () => {
    for (const kind of ['absent', 'refused'] as const) {
      const score = settled(100)
      const before = score.rank(0)
      score.failed(failure(kind, 60_000), 0)
      assert.equal(score.rank(0), before, kind)
    }
  })

  for (const kind of ['busy', 'broken', 'slow'] as const) {
    it(`when ${kind}: longer with each failure, a minute at most`, () => {
      const score = new SourceScore()
      const waits = Array.from({ length: 12 }, () => {
        score.failed(failure(kind), 1_000_000)
        return coolsUntil(score, 1_000_000) - 1_000_000
      })
      assert.deepEqual(waits.slice(0, 4), [500, 1_000, 2_000, 4_000])
      assert.equal(waits.at(-1), 60_000)
    })
  }

  it('as long as it asks for, and never more than five minutes', () => {
    for (const [asked, kept] of [
      [0, 0],
      [20_000, 20_000],
      [86_400_000, 300_000],
    ] as const) {
      const score = new SourceScore()
      score.failed(failure('busy', asked), 0)
      assert.equal(coolsUntil(score, 0), kept)
    }
  })

  it('as long as it asked for, though another request just failed', () => {
    const score = new SourceScore()
    score.failed(failure('busy', 30_000), 0)
    score.failed(failure('broken'), 100)
    assert.equal(coolsUntil(score, 100), 30_000)
  })

  it('five minutes for a lie, whatever it asks for', () => {
    for (const retryAfterMs of [null, 0, 1_000]) {
      const score = settled(10)
      score.failed(failure('lie', retryAfterMs), 7_000)
      assert.equal(coolsUntil(score, 7_000), 307_000)
    }
  })

  it('five minutes for a lie, whatever its other requests bring meanwhile', () => {
    const score = settled(10)
    score.failed(failure('lie'), 0)
    score.served(10)
    assert.equal(coolsUntil(score, 0), 300_000)
    score.failed(failure('slow'), 1_000)
    assert.equal(coolsUntil(score, 1_000), 300_000)
    score.served(10)
    assert.ok(score.rank(300_100) < 1e9)
  })

  it('no longer, once it serves again after a lesser failure', () => {
    const score = settled(10)
    score.failed(failure('busy', 60_000), 0)
    score.served(10)
    assert.ok(score.rank(1) < 1e9)
  })
})
