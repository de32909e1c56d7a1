// One of two processes that write into the same folder at once; started by disk.test.ts.

import { once } from 'node:events'
import { createDiskStore } from '../../../../lib/store/disk/disk.ts'

const [root = '', rounds = '0'] = process.argv.slice(2)
const store = createDiskStore(root)
const signal = new AbortController().signal
const encode = (value: number) => new TextEncoder().encode(String(value))

/** Adds one to a counter that the other process adds to as well. */
async function increment(): Promise<void> {
  for (;;) {
    const found = await store.get('counter', signal)
    const next = encode(found === null ? 1 : Number(new TextDecoder().decode(found.body)) + 1)
    const condition = found === null ? { ifNoneMatch: '*' as const } : { ifMatch: found.etag }
    if ((await store.put('counter', next, condition, signal)).written) return
  }
}

process.send?.('ready')
await once(process, 'message')
const created: number[] = []
for (let round = 0; round < Number(rounds); round++) {
  const body = encode(process.pid)
  const outcome = await store.put(`round/${round}`, body, { ifNoneMatch: '*' }, signal)
  if (outcome.written) created.push(round)
  await increment()
}
process.send?.({ created })
process.disconnect()
