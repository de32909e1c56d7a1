// JSON with the numbers that JSON does not have, and what is said where it is none.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { jsonFaultOf, parseJsonText } from '../../../lib/model/json-text.ts'

describe('parseJsonText', () => {
  it('reads JSON as JSON.parse does', () => {
    const text = '{"a":[1,-2.5e3,"NaN",null,true],"Infinity":"-Infinity and NaN \\" NaN"}'
    assert.deepEqual(parseJsonText(text), JSON.parse(text))
  })

  it('reads what Python writes bare, as STAC spells it', () => {
    const text = '{"nodata": NaN, "range": [-Infinity, Infinity], "NaN": "a \\" NaN, Infinity"}'
    assert.deepEqual(parseJsonText(text), {
      nodata: 'nan',
      range: ['-inf', 'inf'],
      NaN: 'a " NaN, Infinity',
    })
  })

  it('passes over a byte order mark in front, as Windows writes it', () => {
    assert.deepEqual(parseJsonText('\ufeff{"a": "\ufeff"}'), { a: '\ufeff' })
    assert.throws(() => parseJsonText('{"a": \ufeff1}'), SyntaxError)
    assert.throws(() => parseJsonText('\ufeff'), SyntaxError)
  })

  it('refuses the rest, and quotes the place', () => {
    for (const [text, fault] of [
      ['{"a": NaN, "b": nan}', /"b": nan/],
      ['<html>', /'<'/],
      [`{"pad": "${'x'.repeat(500)}", "id": tru, "z": 1}`, /"id": tru/],
      ['{"a":', /end of JSON/],
      ['', /end of JSON/],
    ] as const) {
      assert.throws(
        () => parseJsonText(text),
        (error) => {
          assert.match(jsonFaultOf(error, text), fault)
          return error instanceof SyntaxError
        },
      )
    }
  })
})
