// The ramps against matplotlib 3.6: entries 0, 1, 128, 254 and 255 of each, as it prints them.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { getRamp, rampColour } from '../../../lib/image/ramps.ts'
import { type ColormapName, colormapNames } from '../../../lib/model/colormap.ts'
import { PYTHON, skipWithout } from '../../harness/requires.ts'

const known: Record<ColormapName, string> = {
  rdylgn: '#a50026 #a60126 #fefebd #016937 #006837',
  rdylbu: '#a50026 #a60126 #fefec0 #313896 #313695',
  rdbu: '#67001f #69001f #f6f6f6 #063263 #053061',
  brbg: '#543005 #563105 #f4f4f4 #003d31 #003c30',
  piyg: '#8e0152 #900253 #f6f6f6 #286519 #276419',
  spectral: '#9e0142 #a00342 #fefebe #5c51a3 #5e4fa2',
  greens: '#f7fcf5 #f6fbf4 #73c375 #00451b #00441b',
  ylgn: '#ffffe5 #fefee3 #77c578 #004629 #004529',
  viridis: '#440154 #440255 #20908c #fae622 #fde724',
  cividis: '#00224d #00234f #7c7b78 #fde636 #fde737',
  magma: '#000003 #000004 #b63679 #fbfabd #fbfcbf',
}

/** First digits of the SHA-256 of all 256 entries, taken from matplotlib 3.6.3 by numpy and hashlib. */
const digests: Record<ColormapName, string> = {
  rdylgn: '70caf19be643875b',
  rdylbu: 'bec897dd4979172a',
  rdbu: 'ab1fcfcca1205ddf',
  brbg: '7c23585f8bc3666e',
  piyg: '63f5465eb2b34959',
  spectral: '490beb5e2515013e',
  greens: 'a929e8d91d20b5cd',
  ylgn: 'df94883d54ab4345',
  viridis: '96a1f6f37d4041f9',
  cividis: '8a6c6bf382be7cc3',
  magma: 'e2e7c21b2cdebd6f',
}

test('there are eleven', () => assert.equal(colormapNames.length, 11))

for (const name of colormapNames) {
  test(`${name} is matplotlib's`, () => {
    const ramp = getRamp(name)
    assert.equal(ramp.length, 768)
    assert.equal(createHash('sha256').update(ramp).digest('hex').slice(0, 16), digests[name])
    assert.equal([0, 1, 128, 254, 255].map((i) => rampColour(ramp, i)).join(' '), known[name])
  })
}

test('a ramp that a caller changes is not changed for the next', () => {
  getRamp('magma').fill(255)
  assert.equal(rampColour(getRamp('magma'), 0), '#000003')
})

test('baking the ramps again gives the committed file', async (t) => {
  const script = fileURLToPath(new URL('../../fixtures/make_ramps.py', import.meta.url))
  const requirement = {
    commands: [],
    pythonModules: ['matplotlib'],
    packages: 'python3-matplotlib',
  }
  if (skipWithout(t, requirement)) return
  const python = spawnSync(PYTHON, [script, '--print'], { encoding: 'utf8' })
  assert.equal(python.status, 0, python.stderr)
  const file = new URL('../../../lib/image/ramps.data.ts', import.meta.url)
  assert.equal(await readFile(file, 'utf8'), python.stdout)
})
