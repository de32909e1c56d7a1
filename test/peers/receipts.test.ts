// A receipt as Python's cryptography checks it, from what the deployment serves alone.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sampleItem } from '../../lib/sample/sample.ts'
import { peersPython, skipWithoutPython } from '../harness/peers.ts'
import { startSystem } from '../harness/system.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const system = await startSystem({
  IPFS_GATEWAYS: 'http://127.0.0.1:9',
  RECEIPT_KEY: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
})
after(() => system.close())

describe('a receipt', () => {
  it('is whole for another implementation, and one changed byte anywhere is found', async (t) => {
    if (skipWithoutPython(t)) return
    const outputs = ['figure', 'layer', 'cog', 'item']
    const { root } = await system.ndvi({ item: await sampleItem(), max_size: 96, outputs })
    const script = fileURLToPath(new URL('receipts.py', import.meta.url))
    const { stdout } = await promisify(execFile)(peersPython(), [script, system.base, root.cid])
    assert.deepEqual(JSON.parse(stdout), {
      files: ['figure.png', 'item.json', 'layer.png', 'ndvi.tif', 'request.json'],
      differing: [],
      thumbprint: true,
      refused: { payload: true, payloadType: true, sig: true, otherKey: true },
    })
  })
})
