// The shape of a JSON text, told before it is parsed: depth, names, where the members of a list lie.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { shapeFault, shapeNow, shapeOf } from '../../../lib/model/json-shape.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const shape = (text: string) => shapeNow(bytesOf(text))

function listIn(text: string, most = 1000) {
  const bytes = bytesOf(text)
  const steps = shapeOf(bytes, { name: 'features', most })
  for (;;) {
    const { done, value } = steps.next()
    if (done !== true) continue
    if (value.list === null) return null
    const cut = (from: number, to: number) => new TextDecoder().decode(bytes.subarray(from, to))
    const { inner, members } = value.list
    return {
      inner: cut(inner.from, inner.to),
      members: members.map(({ from, to }) => cut(from, to)),
      names: members.map(({ names }) => names),
    }
  }
}

describe('the shape of a JSON text', () => {
  it('has the depth of brackets outside of texts', () => {
    for (const [text, depth] of [
      ['[{"a":[1]}]', 3],
      ['[[],[],[],{}]', 2],
      ['["[[[\\"[[["]', 1],
      ['["\\\\",[[]]]', 3],
      ['[1]]]]', 1],
      ['"[[["', 0],
      ['', 0],
    ] as const) {
      assert.equal(shape(text).depth, depth, text)
    }
  })

  it('ends where it is too deep', () => {
    assert.match(shapeFault(shape('['.repeat(1_000_000))) ?? '', /^is nested more than 100 levels/)
    assert.equal(shapeFault(shape('['.repeat(100) + ']'.repeat(100))), null)
  })

  it('has the names of all objects, and of the one that has most', () => {
    const { names, mostNames } = shape('{"a":{"b":":","c":1},"d":[{"e":2},{"f:":{"g":{}}}]}')
    assert.deepEqual([names, mostNames], [7, 2])
    // Objects one after the other are not one.
    assert.equal(shape(`[${'{"a":1,"b":2},'.repeat(50)}0]`).mostNames, 2)
  })

  it('is refused for more names than items have', () => {
    const named = (count: number) =>
      `{${Array.from({ length: count }, (_, at) => `"n${at}":0`).join()}}`
    assert.equal(shapeFault(shape(named(1000))), null)
    assert.match(shapeFault(shape(named(1001))) ?? '', /^has an object of 1001 names/)
    const many = `[${Array.from({ length: 51 }, () => named(1000)).join()}]`
    assert.match(shapeFault(shape(many)) ?? '', /^has 51000 names in its objects: at most 50000/)
  })
})

describe('the members of a list at the top', () => {
  it('are told as they stand, with their names', () => {
    const told = listIn('{"a":[0,1],"features":[{"x":[1,{"y":2}]}, 3 ,"],{"],"links":[4]}')
    assert.deepEqual(told, {
      inner: '{"x":[1,{"y":2}]}, 3 ,"],{"',
      members: ['{"x":[1,{"y":2}]}', ' 3 ', '"],{"'],
      names: [2, 0, 0],
    })
  })

  it('are none where it is empty, and one that is empty after a comma', () => {
    assert.deepEqual(listIn('{"features":[ \n]}')?.members, [])
    assert.deepEqual(listIn('{"features":[1,]}')?.members, ['1', ''])
  })

  it('are the first ones alone', () => {
    assert.deepEqual(listIn(`{"features":[${'1,'.repeat(5000)}1]}`, 3)?.members, ['1', '1', '1'])
  })

  it('are those of the last of two, as a parser has it', () => {
    assert.deepEqual(listIn('{"features":[1],"features":[2]}')?.members, ['2'])
  })

  it('are not told of what has another name or place', () => {
    for (const text of [
      '{"Features":[1]}',
      '{"a":{"features":[1]}}',
      '[{"features":[1]}]',
      '{"features":{"a":[1]}}',
      '{"a":"features","b":[1]}',
      '{"x":"features"}',
      '["features",[1]]',
    ]) {
      assert.equal(listIn(text), null, text)
    }
  })
})
