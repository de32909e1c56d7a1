// Who runs a gateway, and that the first two asked are of different operators.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { apart, operatorOf } from '../../../lib/ipfs/operators.ts'

it('one operator may have several hosts', () => {
  const same = (one: string, other: string) => operatorOf(one) === operatorOf(other)
  assert.ok(same('https://trustless-gateway.link', 'https://trustless-gateway.net'))
  assert.ok(same('https://ipfs.io', 'https://gateway.dweb.link'))
  assert.ok(same('https://a.mypinata.cloud', 'https://b.mypinata.cloud/x'))
  assert.ok(!same('https://ipfs.orbitor.dev', 'https://dget.top'))
  assert.ok(!same('http://127.0.0.1:8080', 'http://127.0.0.1:8081'))
  assert.ok(!same('http://localhost:8080', 'http://localhost:8081'))
  assert.ok(!same('http://a.localhost:8080', 'http://b.localhost:8081'))
})

it('the second one asked is of another operator than the first, where there is one', () => {
  const order = (...names: readonly string[]) => apart(names, (name) => name[0] ?? null).join(' ')
  assert.equal(order('a1', 'a2', 'b1', 'a3', 'c1'), 'a1 b1 a2 a3 c1')
  assert.equal(order('a1', 'b1', 'a2'), 'a1 b1 a2')
  assert.equal(order('a1', 'a2'), 'a1 a2')
  assert.equal(order('a1'), 'a1')
  assert.equal(order(), '')
})

it('a source whose operator is not known is apart from every other', () => {
  assert.deepEqual(
    apart(['a', 'b', 'c'], (name) => (name === 'c' ? null : 'x')),
    ['a', 'c', 'b'],
  )
})
