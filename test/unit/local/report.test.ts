// What `npm start` tells of requests that it could not answer.

import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { it } from 'node:test'
import { createReport } from '../../../lib/local/report.ts'

it('a refusal that has no error is told by its status, and a caller’s own fault not at all', () => {
  const out = new PassThrough()
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is written to, and nothing else
  const report = createReport(out as unknown as NodeJS.WriteStream)
  const request = { method: 'POST', path: '/ndvi' }
  report.fault({ ...request, status: 413 })
  report.fault({ ...request, status: 503 })
  report.fault({ ...request, status: 500, error: new Error('broken') })
  assert.equal(String(out.read()), 'POST /ndvi failed: 503\nPOST /ndvi failed: broken\n')
})
