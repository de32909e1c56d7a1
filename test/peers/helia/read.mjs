// Reads URLs by @helia/verified-fetch and writes what came, a line of JSON for each. Run from standard input in the
// folder where set-up.sh installed the packages, which are looked for there:
//
//     node --input-type=module - <router> <url[ range]>… < read.mjs

import { createHash } from 'node:crypto'
import { withHTTP } from '@helia/http'
import { createVerifiedFetchWithHelia } from '@helia/verified-fetch'
import { createHeliaLight } from 'helia'

const [router, ...asked] = process.argv.slice(2)
// No libp2p: blocks come over HTTP alone, from whom the router names.
const helia = await withHTTP(createHeliaLight(), {
  delegatedRouters: [router],
  recursiveGateways: [],
  allowInsecure: true,
  allowLocal: true,
}).start()
const verifiedFetch = await createVerifiedFetchWithHelia(helia)
try {
  for (const line of asked) {
    const [url, range] = line.split(' ')
    const headers = range === undefined ? {} : { range }
    const response = await verifiedFetch(url, { headers, signal: AbortSignal.timeout(20_000) })
    const bytes = Buffer.from(await response.arrayBuffer())
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const { status } = response
    process.stdout.write(`${JSON.stringify({ url, status, size: bytes.length, sha256 })}\n`)
  }
} finally {
  await verifiedFetch.stop()
  await helia.stop()
}
