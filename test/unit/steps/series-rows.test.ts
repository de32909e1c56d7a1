// What the rows of a series say of the trust in their files.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Trust } from '../../../lib/model/scene.ts'
import { type GroupState, seriesRows } from '../../../lib/steps/series-rows.ts'

type Rows = Parameters<typeof seriesRows>[0]
type Done = Extract<GroupState, { status: 'done' }>

/** Of one observation that was counted. @param known of its own items, where that was seen in time */
function trustOf(counted: Trust, accepted: Trust, known?: Trust): Trust | null | undefined {
  const group = { date: '2023-06-01', datetime: null, interval: null, scenes: [], job: 'a' }
  const series = {
    groups: [{ ...group, ...(known === undefined ? {} : { trust: known }) }],
    zones: ['field'],
    request: { min_valid: 0, trust: accepted },
  }
  const row = { zone: 'field', scenes: [], valid_count: 1, total_count: 1, mean: 0.5 }
  const state = { status: 'done', result: { rows: [row], trust: counted, root: null } }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no row needs more of either
  const [told] = seriesRows(series as unknown as Rows, [state as unknown as Done])
  return told?.trust
}

it('is that of its own items, whoever had them counted', () => {
  assert.equal(trustOf('cid', 'fingerprint', 'fingerprint'), 'fingerprint')
  assert.equal(trustOf('fingerprint', 'fingerprint', 'cid'), 'cid')
})

it('is no more than is sure where it was not seen in time', () => {
  assert.equal(trustOf('cid', 'fingerprint'), 'fingerprint')
  assert.equal(trustOf('cid', 'transport'), 'fingerprint')
  assert.equal(trustOf('transport', 'transport'), 'transport')
  assert.equal(trustOf('cid', 'cid'), 'cid')
})
