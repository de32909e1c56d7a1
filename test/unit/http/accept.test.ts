// What callers prefer, by their Accept and Accept-Encoding.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { negotiate } from '../../../lib/http/accept.ts'

const types = ['application/json', 'image/png'] as const
const codings = ['br', 'gzip'] as const

describe('of JSON and PNG the caller prefers', () => {
  const rows = [
    ['image/png', 'image/png'],
    ['IMAGE/PNG', 'image/png'],
    ['image/*', 'image/png'],
    ['application/json', 'application/json'],
    ['*/*', 'application/json'],
    ['image/png, */*', 'image/png'],
    ['*/*, image/png;q=0.5', 'application/json'],
    ['image/avif,image/webp,image/*,*/*;q=0.8', 'image/png'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'application/json'],
    ['image/png, application/json', 'image/png'],
    ['application/json, image/png', 'application/json'],
    ['application/json;q=0.5, image/png;q=0.6', 'image/png'],
    ['image/png;profile="a,b;q=0.1", application/json;q=0.9', 'image/png'],
    ['image/*, image/png;q=0, */*;q=0.1', 'application/json'],
    ['image/png;q=0', null],
    ['text/html', null],
    ['image', null],
    ['', null],
    [undefined, null],
  ] as const
  for (const [header, preferred] of rows) {
    it(`${preferred ?? 'neither'} with ${JSON.stringify(header)}`, () => {
      assert.equal(negotiate(header, types, 'header'), preferred)
    })
  }
})

describe('of brotli and gzip the caller prefers', () => {
  const rows = [
    ['gzip, deflate, br', 'br'],
    ['gzip, br;q=0.9', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['gzip;q=0.001', 'gzip'],
    ['identity;q=1, *;q=0', null],
    ['deflate', null],
  ] as const
  for (const [header, preferred] of rows) {
    it(`${preferred ?? 'neither'} with ${JSON.stringify(header)}`, () => {
      assert.equal(negotiate(header, codings, 'offers'), preferred)
    })
  }
})

it('a header of 64 KiB of any character is read in time', () => {
  const pieces = [
    ',',
    ';',
    '=',
    '"',
    ' ',
    '\\',
    '*',
    ';q=',
    'a/b,',
    '"\\',
    ' ;',
    '=;',
    ',"',
    'a;b="',
    '\t,',
  ]
  const started = performance.now()
  for (const piece of pieces) {
    for (const header of [
      piece.repeat(65_536 / piece.length),
      `a/b${piece.repeat(65_536 / piece.length)}x`,
    ]) {
      negotiate(header, types, 'header')
      negotiate(header, codings, 'offers')
    }
  }
  // 60 headers, 4 MB: quadratic code would take minutes.
  assert.ok(performance.now() - started < 5_000)
})
