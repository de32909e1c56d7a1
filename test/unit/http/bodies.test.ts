// Bodies that say a thing in two ways, or in a way that is lost on the way, are refused.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseBody } from '../../../lib/http/parse-body.ts'
import { readCatalogueQuery, readCatalogueSearch } from '../../../lib/request/catalogue-search.ts'
import { readNdviBody, readVerifyBody } from '../../../lib/request/read.ts'

const refused = (words: RegExp) => ({ code: 'invalid_request', message: words })

describe('a body', () => {
  for (const text of [
    '{"bbox":[1,2,3,4],"bbox":[5,6,7,8]}',
    '{"item":{"id":"a","id":"b"}}',
    '{"features":[{"a":1},{"b":{"c":1,"\\u0063":2}}]}',
  ]) {
    it(`with a name twice is refused: ${text}`, () => {
      assert.throws(() => parseBody(text), refused(/with one name twice/))
    })
  }

  it('may have a name in several objects, and colons in its texts', () => {
    for (const text of ['{"a":{"a":[{"a":":"},{"a":null}]}}', '"a:b"', '[]', 'NaN', '{"a":NaN}']) {
      assert.doesNotThrow(() => parseBody(text), text)
    }
  })

  it('has no name that is lost to whoever copies it', () => {
    const words = refused(/has an object with the name "__proto__"/)
    const item = '{"id":"a","assets":{},"__proto__":{"assets":{}}}'
    assert.throws(() => readNdviBody(parseBody(`{"item":${item}}`)), words)
    const copies = '{"__proto__":["https://files.example/red.tif"]}'
    assert.throws(() => readVerifyBody(parseBody(`{"cid":"bafy","copies":${copies}}`)), words)
    assert.throws(() => readCatalogueSearch(parseBody('{"query":{"__proto__":{"eq":1}}}')), words)
    assert.throws(() => readCatalogueSearch(parseBody('{"ids":["\\ud800"]}')), refused(/Unicode/))
  })
})

it('a query of the catalogue has names of its own alone', () => {
  for (const name of ['constructor', 'toString', '__proto__']) {
    assert.throws(
      () => readCatalogueQuery(new URLSearchParams({ [name]: '1' })),
      refused(/Unrecognized key|__proto__/),
    )
  }
})
