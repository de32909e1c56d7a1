// A sample of PROJ's own CRSs against pyproj that reads the same database; test/fuzz has all of them.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { commonGeographic, commonProjected } from '../../../lib/geo/crs/common-crs.ts'
import { documentedVerdicts, judge, readCodes } from '../../harness/crs-codes.ts'

const rows = readCodes()
const isCommon = (code: string) => {
  const epsg = Number(/^EPSG:(\d+)$/.exec(code)?.[1] ?? 0)
  return (commonProjected(epsg) ?? commonGeographic(epsg)) !== null
}
/** The kinds that were wrong once: south-oriented, oblique, yards, axes, standard parallels, new codes. */
const codes =
  '2046 2055 2065 2163 26744 22275 24370 24382 26931 27704 29371 3078 3375 3376 3388 3408 3410 3973 3974 3994 5472 5513 ' +
  '5641 6244 6497 6933 8044 8352 8441 9311'
const known = new Set(codes.split(' ').map((epsg) => `EPSG:${epsg}`))
const sample = rows.filter(
  ([code], at) => at % 400 === 0 || known.has(code) || code === 'ESRI:54009',
)

describe('as PROJ has it, or refused by name, is', () => {
  for (const row of sample) {
    it(row[0], async () => {
      const { verdict, why } = await judge(row)
      assert.notEqual(verdict, 'wrong', why)
    })
  }

  it('every CRS that proj4 carries', async () => {
    const common = rows.filter(([code]) => isCommon(code))
    assert.ok(common.length > 180)
    for (const row of common) {
      const { verdict, why } = await judge(row)
      assert.ok(verdict === 'equal' || verdict === 'datum shift told', `${row[0]}: ${why}`)
    }
  })
})

it('the table of docs/limits.md has every code, and none that is wrong', () => {
  const documented = documentedVerdicts()
  const all = rows.map(([code]) => code.split(':')[0])
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
  for (const { authority, codes: count, verdicts } of documented) {
    assert.equal(count, all.filter((one) => one === authority).length, authority)
    assert.equal(verdicts.wrong, 0)
    assert.equal(sum(Object.values(verdicts)), count, authority)
  }
  assert.equal(sum(documented.map(({ codes: count }) => count)), rows.length)
})
