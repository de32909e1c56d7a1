// The capabilities of a map are XML, whatever an item is called.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { describeWmts } from '../../../lib/http/wmts.ts'

const extent = { bounds: [-60, -4, -59, -3], minZoom: 5, maxZoom: 6, trust: 'cid' } as const

it('the title of a map is its name without what XML cannot hold', () => {
  const place = { base: 'https://api.example.org', query: new URLSearchParams() }
  const titleOf = (name: string) => {
    const text = describeWmts({ name }, extent, { format: 'png', scale: 1 }, place)
    return /<ows:Title>NDVI of (.*)<\/ows:Title>/s.exec(text)?.[1]
  }
  assert.equal(titleOf('a&<b>"c"\'😀\t\n'), 'a&amp;&lt;b&gt;&quot;c&quot;&apos;😀\t\n')
  // https://www.w3.org/TR/xml/#charsets
  for (const code of [0, 1, 8, 0xb, 0xc, 0xe, 0x1f, 0xfffe, 0xffff])
    assert.equal(titleOf(`a${String.fromCharCode(code)}b`), 'ab', code.toString(16))
})
