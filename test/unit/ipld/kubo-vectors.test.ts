// CIDs that Kubo's own tests expect: what is packed here is what `ipfs add` makes of the same files.

import assert from 'node:assert/strict'
import { createCipheriv, createHash } from 'node:crypto'
import { test } from 'node:test'
import { fileCid } from '../../../lib/ipld/importer.ts'
import { importDirectory, importFile } from '../../harness/import-dag.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

/** Kubo's test data: ChaCha20 over zeros, its key the SHA-256 of the seed. */
function keystream(length: number, seed: string): Uint8Array<ArrayBuffer> {
  const key = createHash('sha256').update(seed).digest()
  return new Uint8Array(
    createCipheriv('chacha20', key, Buffer.alloc(16)).update(new Uint8Array(length)),
  )
}

/** ipfs/kubo test/cli/cid_profiles_test.go */
const files = [
  ['unixfs-v0-2015', 'hello world', 'Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD'],
  [
    'unixfs-v0-2015',
    keystream(262_144, 'chunk-v0-seed'),
    'QmWmRj3dFDZdb6ABvbmKhEL6TmPbAfBZ1t5BxsEyJrcZhE',
  ],
  [
    'unixfs-v0-2015',
    keystream(262_145, 'chunk-v0-seed'),
    'QmYyLxtzZyW22zpoVAtKANLRHpDjZtNeDjQdJrcQNWoRkJ',
  ],
  ['unixfs-v1-2025', 'hello world', 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'],
  [
    'unixfs-v1-2025',
    keystream(1_048_576, 'chunk-v1-seed'),
    'bafkreiacndfy443ter6qr2tmbbdhadvxxheowwf75s6zehscklu6ezxmta',
  ],
  [
    'unixfs-v1-2025',
    keystream(1_048_577, 'chunk-v1-seed'),
    'bafybeigmix7t42i6jacydtquhet7srwvgpizfg7gjbq7627d35mjomtu64',
  ],
  // The file that every introduction to IPFS adds.
  ['unixfs-v0-2015', 'hello world\n', 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o'],
] as const

for (const [profile, content, cid] of files) {
  test(`a file of ${content.length} bytes under ${profile}`, async () => {
    const file = typeof content === 'string' ? bytes(content) : content
    assert.equal((await importFile(file, profile)).root.toString(), cid)
    if (profile === 'unixfs-v1-2025') assert.equal((await fileCid(file)).toString(), cid)
  })
}

/** ipfs/kubo test/sharness/t0040-add-and-cat.sh, `ipfs add -r` without and with --cid-version=1 */
for (const [profile, cid] of [
  ['unixfs-v0-2015', 'QmWSgS32xQEcXMeqd3YPJLrNBLSdsfYCep2U7CFkyrjXwY'],
  ['unixfs-v1-2025', 'bafybeih7e5dmkyk25up5vxug4q3hrg2fxbzf23dfrac2fns5h7z4aa7ioi'],
] as const) {
  test(`a directory of two files under ${profile}`, async () => {
    const planets = [
      ['mars.txt', bytes('Hello Mars!\n')],
      ['venus.txt', bytes('Hello Venus!\n')],
    ] as const
    const { root } = await importDirectory(new Map(planets), profile)
    assert.equal(root.toString(), cid)
    const reversed = await importDirectory(new Map(planets.toReversed()), profile)
    assert.equal(reversed.root.toString(), cid)
  })
}

/** The empty directory, pinned in every Kubo repository from its first start. */
for (const [profile, cid] of [
  ['unixfs-v0-2015', 'QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn'],
  ['unixfs-v1-2025', 'bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354'],
] as const) {
  test(`the empty directory under ${profile}`, async () => {
    assert.equal((await importDirectory(new Map(), profile)).root.toString(), cid)
  })
}
