// Scenes as observations: a day of a platform, and a pass over midnight.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { byObservation } from '../../../lib/stac/by-observation.ts'

const rows: readonly (readonly [name: string, scenes: readonly string[], expected: string])[] = [
  ['none', [], ''],
  ['scenes of a day', ['a 01T01:00', 'a 01T10:00', 'a 01T23:00'], '0+1+2'],
  ['days', ['a 01T10:00', 'a 02T10:00'], '0 1'],
  ['two platforms of a day', ['a 01T10:00', 'b 01T10:01', 'a 01T10:02'], '0+2 1'],
  ['a pass over midnight', ['a 01T23:59', 'a 02T00:01', 'a 02T00:10'], '0+1+2'],
  ['the next pass after it', ['a 01T23:59', 'a 02T00:01', 'a 02T01:40', 'a 02T23:50'], '0+1 2+3'],
  ['two passes around midnight', ['a 01T23:40', 'a 02T00:00'], '0 1'],
  ['another platform at midnight', ['a 01T23:59', 'b 02T00:01'], '0 1'],
]
for (const [name, scenes, expected] of rows) {
  it(`${name}: ${expected}`, () => {
    const found = byObservation(scenes, (scene) => {
      const [platform = '', when = ''] = scene.split(' ')
      return { platform, time: Date.parse(`2023-05-${when}:00Z`) }
    })
    const told = found.map((same) => same.map((scene) => scenes.indexOf(scene)).join('+'))
    assert.equal(told.join(' '), expected)
  })
}
