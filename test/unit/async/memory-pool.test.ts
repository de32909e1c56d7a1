// Memory that is used again.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { MemoryPool } from '../../../lib/async/memory-pool.ts'

it('the smallest memory that is large enough is used again, and none by two at a time', () => {
  const made: number[] = []
  const pool = new MemoryPool((bytes) => {
    made.push(bytes)
    return new ArrayBuffer(bytes)
  })
  const [small, large] = [pool.take(10), pool.take(1000)]
  pool.give(large)
  pool.give(small)
  assert.equal(pool.take(8), small)
  assert.equal(pool.take(8), large)
  assert.notEqual(pool.take(8), small)
  assert.deepEqual(made, [10, 1000, 8])
  pool[Symbol.dispose]()
})

it('memory that was given back is freed with the pool, that of threads is not', () => {
  const [own, kept] = [new ArrayBuffer(1_000_000), new ArrayBuffer(1_000_000)]
  const shared = new SharedArrayBuffer(1_000_000)
  {
    using pool = new MemoryPool<ArrayBufferLike>(() => kept)
    pool.give(own)
    pool.give(shared)
  }
  assert.deepEqual([own.byteLength, kept.byteLength, shared.byteLength], [0, 1_000_000, 1_000_000])
})

it('what is too small for all gives way: there are never more pieces than are in use', () => {
  const pool = new MemoryPool((bytes) => new ArrayBuffer(bytes))
  for (const bytes of [10, 20, 30]) pool.give(pool.take(bytes))
  const [first, second] = [pool.take(5), pool.take(5)]
  assert.equal(first.byteLength, 30)
  assert.equal(second.byteLength, 5)
})
