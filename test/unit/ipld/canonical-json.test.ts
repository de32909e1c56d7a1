// Canonical JSON against RFC 8785's own examples, and the digest of it.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { canonicalDigest, canonicalJson } from '../../../lib/ipld/canonical-json.ts'

describe('canonical JSON writes', () => {
  it('the example of RFC 8785, section 3.2.2, as section 3.2.3 shows it', () => {
    const value = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`)
    assert.equal(
      canonicalJson(value),
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  it('keys in the order of their UTF-16 units, as section 3.2.3 sorts them', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    }
    const values = [...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map(([, text]) => text)
    assert.deepEqual(values, [
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
  })

  /** RFC 8785, appendix B: the bits of a double, and its text. */
  const numbers = [
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ] as const
  for (const [bits, text] of numbers) {
    it(`the double ${bits} as ${text}`, () => {
      const value = Buffer.from(bits, 'hex').readDoubleBE()
      assert.equal(canonicalJson([value]), `[${text}]`)
    })
  }

  it('undefined not at all, and null as it is', () => {
    assert.equal(canonicalJson({ b: undefined, a: { c: undefined }, n: null }), '{"a":{},"n":null}')
  })

  it('nothing that JSON has not: it throws instead', () => {
    const rows = [Number.NaN, Number.POSITIVE_INFINITY, '\ud800', { a: [{ b: Number.NaN }] }]
    for (const value of rows) assert.throws(() => canonicalJson(value))
    assert.throws(() => canonicalJson(Object.assign(() => undefined)), /nothing to write/)
  })

  it('equal values alike, however they were put together', () => {
    const one = { a: 1, b: { d: [1, 2], c: 'x' } }
    const other = JSON.parse('{"b": {"c": "x", "d": [1.0, 2e0]}, "a": 1}')
    assert.equal(canonicalJson(one), canonicalJson(other))
    assert.notEqual(canonicalJson([1, 2]), canonicalJson([2, 1]))
  })
})

describe('the canonical digest', () => {
  it('is the SHA-256 of the text in UTF-8, in lower-case hexadecimal', () => {
    const expected = createHash('sha256').update(Buffer.from('{"é":"€"}')).digest('hex')
    assert.equal(canonicalDigest({ é: '€' }), expected)
    assert.equal(
      canonicalDigest({}),
      '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    )
  })
})
