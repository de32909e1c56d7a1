// How deep a text nests, told before it is parsed.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { nestsDeeper } from '../../../lib/model/json-text.ts'

it('counts brackets outside of texts', () => {
  assert.equal(nestsDeeper('[{"a":[1]}]', 3), false)
  assert.equal(nestsDeeper('[{"a":[1]}]', 2), true)
  assert.equal(nestsDeeper('[[],[],[],{}]', 2), false)
  assert.equal(nestsDeeper('["[[[\\"[[["]', 1), false)
  assert.equal(nestsDeeper('["\\\\",[[]]]', 2), true)
  assert.equal(nestsDeeper('[1]]]]', 1), false)
  assert.equal(nestsDeeper('['.repeat(1_000_000), 100), true)
})
