// By hand: the conformance suite of the IPFS project against a local system, and the table that docs/api.md has of it.
//
//     git clone --branch v0.13.2 https://github.com/ipfs/gateway-conformance
//     npx node test/peers/gateway-conformance.ts gateway-conformance
//
// Not a test, for its Go module is not on every proxy; it needs Go, and takes less than a minute.

import { execFileSync, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { CarBlockIterator } from '@ipld/car'
import { parseCid } from '../../lib/ipld/cid.ts'
import { startSystem, type TestSystem } from '../harness/system.ts'

const specs: Readonly<Record<string, string>> = {
  'trustless-block-gateway': 'trustless gateway, blocks',
  'trustless-car-gateway': 'trustless gateway, CARs',
  'trustless-car-gateway-optional': 'trustless gateway, order and duplicates in CARs',
  'path-raw-gateway': 'path gateway, blocks',
  'path-unixfs-gateway': 'path gateway, UnixFS',
  'path-unixfs-gateway,path-range-gateway': 'path gateway, UnixFS and ranges',
  'path-dag-gateway': 'path gateway, DAG-JSON and DAG-CBOR',
  'path-tar-gateway': 'path gateway, tar',
}

const [, , given = 'gateway-conformance'] = process.argv
const checkout = resolve(given)
const folder = await mkdtemp(join(tmpdir(), 'greenprint-conformance-'))
const suite = join(folder, 'suite')
execFileSync('go', ['test', '-c', '-o', suite, './tests'], { cwd: checkout, stdio: 'inherit' })
const system = await startSystem({ PUBLISHERS: 'local' })
try {
  await keepFixtures(system)
  for (const [spec, name] of Object.entries(specs)) {
    const { passed, failed } = await run(spec, system.base)
    const lines = [`| ${name} | ${passed} of ${passed + failed.length} |`, ...failed]
    process.stdout.write(`${lines.join('\n    ')}\n`)
  }
} finally {
  await system.close()
  await rm(folder, { recursive: true, force: true })
}

async function keepFixtures({ services }: TestSystem): Promise<void> {
  const names = await readdir(join(checkout, 'fixtures'), { recursive: true })
  const signal = new AbortController().signal
  for (const name of names.filter((each) => each.endsWith('.car'))) {
    const car = await readFile(join(checkout, 'fixtures', name))
    for await (const { cid, bytes } of await CarBlockIterator.fromBytes(car)) {
      await services.store.put(parseCid(cid.toString()), Uint8Array.from(bytes), signal)
    }
  }
}

/** Of checks that have none below them; skipped are those of other specifications. */
async function run(spec: string, url: string) {
  const env = { ...process.env, GATEWAY_URL: url, SUBDOMAIN_GATEWAY_URL: 'http://example.com' }
  const started = spawn(suite, ['-test.v', '-specs', spec], { cwd: join(checkout, 'tests'), env })
  const told = [...(await text(started.stdout)).matchAll(/^\s*--- (PASS|FAIL): (\S+)/gm)]
  const tests = told.map(([, kind, name = '']) => ({ kind, name }))
  const parents = new Set(tests.map(({ name }) => name.slice(0, name.lastIndexOf('/'))))
  const checks = tests.filter(({ name }) => name !== 'TestMetadata' && !parents.has(name))
  const failed = checks.flatMap(({ kind, name }) => (kind === 'FAIL' ? [name] : []))
  return { passed: checks.length - failed.length, failed }
}
