// The baked outlines against the font they came from.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { bakeGlyphs, fontLicence } from '../../fixtures/make-glyphs.ts'

const committed = async (name: string): Promise<string> =>
  readFile(new URL(`../../../lib/figure/${name}`, import.meta.url), 'utf8')

test('baking the glyphs again gives the committed file', async () => {
  assert.equal(await bakeGlyphs(), await committed('glyphs.data.ts'))
})

test("the font's licence lies beside its outlines", async () => {
  assert.equal(await fontLicence(), await committed('glyphs.LICENSE.txt'))
})
