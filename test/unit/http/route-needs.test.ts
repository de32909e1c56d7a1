// Each part that the API loads later is bundled by what it needs.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { routeNeeds } from '../../../infra/bundle.ts'

it('every route is named in the table of the bundle, and no other', () => {
  const routes = readFileSync(new URL('../../../lib/http/load-routes.ts', import.meta.url), 'utf8')
  const loaded = Array.from(routes.matchAll(/import\('\.\/(.+)\.ts'\)/g), ([, name]) => name)
  assert.ok(loaded.length > 10)
  assert.deepEqual(new Set(Object.keys(routeNeeds)), new Set(loaded))
})
