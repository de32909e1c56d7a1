// Faults as problem details: the status of every code, and nothing of what is not ours to tell.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ErrorCode, errorCodes, GreenprintError } from '../../../lib/errors.ts'
import { problemOf, problemResponse } from '../../../lib/http/problem.ts'

/** Whose fault a code tells, as the table of docs/api.md has it. */
const meaning: Readonly<Record<ErrorCode, readonly [status: number, title: string]>> = {
  invalid_request: [400, 'The request cannot be read'],
  host_refused: [400, 'The request cannot be read'],
  unauthorized: [401, 'A token is needed'],
  publishing_disabled: [403, 'Not allowed here'],
  fingerprint_needed: [403, 'Not allowed here'],
  cross_site: [403, 'Not allowed here'],
  not_found: [404, 'Not found'],
  scene_not_found: [404, 'Not found'],
  method_not_allowed: [405, 'Not a method of this address'],
  not_acceptable: [406, 'Not served in this form'],
  source_changed: [409, 'Something has to be done first'],
  not_cached: [412, 'Not as the request wants it'],
  condition_failed: [412, 'Not as the request wants it'],
  too_large: [413, 'Too large'],
  unsupported_media_type: [415, 'Not a type that is read here'],
  misdirected: [421, 'Not the address of this system'],
  item_invalid: [422, 'The scene cannot be used'],
  asset_missing: [422, 'The scene cannot be used'],
  asset_unusable: [422, 'The scene cannot be used'],
  content_unusable: [422, 'The scene cannot be used'],
  checksum_mismatch: [422, 'The scene cannot be used'],
  login_needed: [422, 'The scene cannot be used'],
  source_refused: [422, 'The scene cannot be used'],
  raster_unusable: [422, 'The scene cannot be used'],
  grids_differ: [422, 'The scene cannot be used'],
  outside_scene: [422, 'The scene cannot be used'],
  radiometry_unknown: [422, 'The scene cannot be used'],
  mask_unavailable: [422, 'The scene cannot be used'],
  invalid_configuration: [500, 'A fault of this service'],
  car_invalid: [500, 'A fault of this service'],
  store_failed: [500, 'A fault of this service'],
  queue_failed: [500, 'A fault of this service'],
  item_unreachable: [502, 'The sources failed'],
  search_failed: [502, 'The sources failed'],
  content_unavailable: [502, 'The sources failed'],
  publishing_failed: [502, 'The sources failed'],
  deadline_exceeded: [504, 'Out of time'],
}

describe('a fault of code', () => {
  for (const code of errorCodes) {
    const [status, title] = meaning[code]
    it(`${code} is answered with ${status}`, async () => {
      const error = new GreenprintError(code, 'What was wrong.', {
        details: ['one', 'two'],
        cause: new Error('for the log'),
      })
      const response = problemResponse(error)
      assert.equal(response.status, status)
      assert.equal(response.headers.get('content-type'), 'application/problem+json')
      assert.equal(response.headers.get('cache-control'), 'no-store')
      assert.equal(response.headers.get('www-authenticate'), status === 401 ? 'Bearer' : null)
      assert.deepEqual(await response.json(), {
        type: 'about:blank',
        title,
        status,
        code,
        detail: 'What was wrong.',
        details: ['one', 'two'],
      })
    })
  }

  it('quotes no more than a page of what a caller sent', () => {
    const text = 'x'.repeat(600_000)
    const error = new GreenprintError('asset_unusable', `its href is ${text}`, { details: [text] })
    assert.ok(JSON.stringify(problemOf(error)).length < 10_000)
  })

  it('without detail lines has no empty list of them', () => {
    assert.ok(!('details' in problemOf(new GreenprintError('not_found', 'No.'))))
  })

  it('any is never 408, which clients would repeat by themselves', () => {
    for (const code of errorCodes)
      assert.notEqual(problemOf(new GreenprintError(code, '')).status, 408)
  })
})

describe('what is no fault of the domain leaks nothing', () => {
  const secret = 'ENOENT: no such file, open /var/task/SECRET'
  const thrown = [
    new Error(secret),
    new TypeError(secret, { cause: new Error(secret) }),
    Object.assign(new Error(secret), { code: 'not_found', details: [secret], status: 404 }),
    new AggregateError([new Error(secret)], secret),
    secret,
    { message: secret },
    undefined,
    null,
  ]
  for (const [index, error] of thrown.entries()) {
    it(`thing ${index + 1}: ${Object.prototype.toString.call(error)}`, async () => {
      const response = problemResponse(error)
      const text = await response.text()
      assert.equal(response.status, 500)
      assert.equal(JSON.parse(text).code, 'internal')
      assert.doesNotMatch(text, /SECRET|ENOENT|var|at /)
    })
  }
})
