// Reads of the same thing at the same time are one; a later one is another.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { JointReads } from '../../../lib/async/joint-reads.ts'

const signal = AbortSignal.timeout(10_000)

it('those at the same time are one read, and the next is another', async () => {
  const reads = new JointReads<number>()
  let begun = 0
  const begin = async () => {
    begun++
    await Promise.resolve()
    return begun
  }
  const together = Array.from({ length: 50 }, () => reads.read('a', begin, signal))
  assert.deepEqual(new Set(await Promise.all(together)), new Set([1]))
  assert.equal(begun, 1)
  assert.equal(await reads.read('a', begin, signal), 2)
  await Promise.all([reads.read('a', begin, signal), reads.read('b', begin, signal)])
  assert.equal(begun, 4)
})

it('a failure is of those who waited for it alone', async () => {
  const reads = new JointReads<number>()
  const fail = () => Promise.reject(new Error('no'))
  const both = [reads.read('a', fail, signal), reads.read('a', fail, signal)]
  for (const one of await Promise.allSettled(both)) assert.equal(one.status, 'rejected')
  assert.equal(await reads.read('a', async () => 3, signal), 3)
})

it('one who gives up does not end it for the others', async () => {
  const reads = new JointReads<number>()
  const leaving = new AbortController()
  const answer = Promise.withResolvers<number>()
  const gone = reads.read('a', () => answer.promise, leaving.signal)
  const stays = reads.read('a', () => answer.promise, signal)
  leaving.abort(new Error('gone'))
  await assert.rejects(gone, /gone/)
  answer.resolve(7)
  assert.equal(await stays, 7)
})
