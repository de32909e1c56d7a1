// What a tab keeps, in browsers that keep nothing: without a storage, or without room in it.

import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { kept } from '../../../web/kept.ts'

const before = Object.getOwnPropertyDescriptor(globalThis, 'sessionStorage')

function giveStorage(get: () => unknown): void {
  Object.defineProperty(globalThis, 'sessionStorage', { get, configurable: true })
}

afterEach(() => {
  if (before === undefined) Reflect.deleteProperty(globalThis, 'sessionStorage')
  else Object.defineProperty(globalThis, 'sessionStorage', before)
})

describe('what a tab keeps', () => {
  it('is there while the page is open, where cookies are blocked', () => {
    giveStorage(() => {
      throw new DOMException('Access is denied for this document.', 'SecurityError')
    })
    kept.set('blocked', 'one')
    assert.equal(kept.get('blocked'), 'one')
    kept.remove('blocked')
    assert.equal(kept.get('blocked'), null)
  })

  it('is never what was kept before, where the storage is full', () => {
    const stored = new Map([['full', 'before']])
    giveStorage(() => ({
      getItem: (name: string) => stored.get(name) ?? null,
      setItem: () => {
        throw new DOMException('exceeded the quota', 'QuotaExceededError')
      },
      removeItem: (name: string) => stored.delete(name),
    }))
    assert.equal(kept.get('full'), 'before')
    kept.set('full', 'after')
    assert.equal(kept.get('full'), 'after')
    assert.equal(stored.size, 0)
  })
})
