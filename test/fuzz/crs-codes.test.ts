// Every CRS of PROJ's database, against pyproj that reads the same database: equal, told, refused by name, never wrong.
// A tenth of them by default; GREENPRINT_CRS=all takes half an hour.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { judge, readCodes, type Verdict } from '../harness/crs-codes.ts'

const share = process.env['GREENPRINT_CRS'] === 'all' ? 1 : 10

it('no code of PROJ’s database is placed otherwise than by PROJ', async (t) => {
  const rows = readCodes().filter((_, at) => at % share === 0)
  const table = new Map<string, Map<Verdict, number>>()
  const wrong: string[] = []
  for (const row of rows) {
    const [authority = ''] = row[0].split(':')
    const { verdict, why } = await judge(row)
    if (verdict === 'wrong') wrong.push(`${row[0]}: ${why}`)
    const counts = table.get(authority) ?? new Map<Verdict, number>()
    table.set(authority, counts.set(verdict, (counts.get(verdict) ?? 0) + 1))
  }
  for (const [authority, counts] of table) {
    t.diagnostic(`${authority}: ${[...counts].map(([verdict, n]) => `${n} ${verdict}`).join(', ')}`)
  }
  assert.deepEqual(wrong, [])
})
