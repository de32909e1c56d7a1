// Where published files are told: at their public address while there is one, whatever it was when they were published.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addressed } from '../../../lib/http/reply.ts'
import type { Publication } from '../../../lib/model/result.ts'
import { folderIn, publicFolder, relocated } from '../../../lib/publish/public-folder.ts'

const ROOT = 'bafybeiarh22x2zwgm4x2taqkammgapvxhf2mbhpv4ym3eim4vvlghukexe'
const PLACE = 's3://bucket/prefix'
const FILES = 'https://files.example/ndvi'
const inBucket = folderIn(PLACE, null)
const inPublic = folderIn(PLACE, FILES)
const cid = ROOT

function heldAt(href: string): Publication {
  return { service: 's3', status: 'held', cid, href }
}
const elsewhere: Publication = { service: 'filebase', status: 'held', cid }
const asset = { file: 'figure.png', cid: 'bafkfigure', type: 'image/png', size: 7, grid: null }

function hrefsOf(publications: readonly Publication[]) {
  const { root, assets } = addressed(
    { root: ROOT, assets: { figure: asset }, publications },
    'https://api.example',
  )
  return [root.href, assets['figure']?.href]
}
const served = `https://api.example/ipfs/${ROOT}`

describe('the files of a result', () => {
  it('that the own bucket holds are told where they are public; the directory stays here', () => {
    const href = inPublic(ROOT)
    assert.equal(href, `${FILES}/${ROOT}/`)
    assert.deepEqual(hrefsOf([elsewhere, heldAt(href)]), [served, `${href}figure.png`])
  })

  it('are told here where nothing of the bucket is public, or it does not hold them', () => {
    const href = inPublic(ROOT)
    const unproven: Publication = { service: 's3', status: 'unproven', reason: 'late', cid, href }
    for (const publications of [[], [elsewhere], [heldAt(inBucket(ROOT))], [unproven]]) {
      assert.equal(publicFolder(publications), null)
      assert.deepEqual(hrefsOf(publications), [served, `${served}/figure.png`])
    }
  })
})

it('a publication is where the bucket is now, whichever address was told when it was made', () => {
  const made = [elsewhere, heldAt(inBucket(ROOT))]
  const moved = relocated(made, ROOT, inPublic)
  assert.deepEqual(moved, [elsewhere, heldAt(inPublic(ROOT))])
  assert.deepEqual(relocated(moved, ROOT, inBucket), made)
})
