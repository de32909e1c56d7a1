// `zones.json` names the overview that a mask is of: whoever counts again needs it.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { qaLevelsOf } from '../../../lib/steps/count-zones.ts'
import { writeZones } from '../../../lib/steps/describe-zones.ts'

const recipe = { id: 'a', request: {}, inputs: [] }

async function written(levels: Readonly<Record<string, number>>): Promise<unknown> {
  const content = writeZones(recipe, [], levels).get('zones.json')
  assert.ok(content)
  let text = ''
  for await (const piece of content.pieces(new AbortController().signal)) text += Buffer.from(piece)
  return JSON.parse(text)
}

it('a file of zones names the overviews of masks, and nothing where there are none', async () => {
  const members = ['a', 'b', 'c'].map((id) => ({ scene: { content: { scene: { id } } } }))
  const masks = [{ placement: { number: 0 } }, { placement: { number: 2 } }, null]
  const layers = masks.map((qa) => ({ selection: { qa } }))
  const file = await written(qaLevelsOf([{ members, layers }]))
  assert.deepEqual(Object(file).qa_levels, { b: 2 })
  assert.ok(!Object.hasOwn(Object(await written(qaLevelsOf([]))), 'qa_levels'))
})
