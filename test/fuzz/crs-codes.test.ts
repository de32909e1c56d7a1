// Every CRS of PROJ's database, against pyproj that reads the same database: equal, told, refused by name, never wrong.
// One in GREENPRINT_CRS of them: 50 by default; 1 is the table of docs/limits.md, and takes half an hour.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { documentedVerdicts, judge, readCodes, type Verdict } from '../harness/crs-codes.ts'

const share = Number(process.env['GREENPRINT_CRS'] ?? 50)
const NONE = { equal: 0, 'datum shift told': 0, refused: 0, 'refused, PROJ has it': 0, wrong: 0 }

it('no code of PROJ’s database is placed otherwise than by PROJ', async (t) => {
  assert.ok(Number.isInteger(share) && share >= 1, 'GREENPRINT_CRS is a whole number')
  const rows = readCodes().filter((_, at) => at % share === 0)
  const table = new Map<string, Record<Verdict, number>>()
  const wrong: string[] = []
  for (const row of rows) {
    const [authority = ''] = row[0].split(':')
    const { verdict, why } = await judge(row)
    if (verdict === 'wrong') wrong.push(`${row[0]}: ${why}`)
    const counts = table.get(authority) ?? { ...NONE }
    counts[verdict]++
    table.set(authority, counts)
  }
  for (const [authority, counts] of table) t.diagnostic(`${authority}: ${JSON.stringify(counts)}`)
  assert.deepEqual(wrong, [])
  if (share > 1) return
  for (const { authority, verdicts } of documentedVerdicts()) {
    assert.deepEqual(table.get(authority) ?? NONE, verdicts, authority)
  }
})
