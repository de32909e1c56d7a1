// The worker's own handler in a process of its own, which a test may kill. Its clock is ahead by the first argument,
// in ms.

import type { QueueRecord } from '../../../lib/jobs/deliveries.ts'

const [, , ahead = '0', records = '[]'] = process.argv
const { now } = Date
Date.now = () => now() + Number(ahead)

const { handler } = await import('../../../functions/worker.ts')
const batch: QueueRecord[] = JSON.parse(records)
process.stdout.write('ready\n')
const answer = await handler({ Records: batch }, { getRemainingTimeInMillis: () => 900_000 })
process.stdout.write(`${JSON.stringify(answer)}\n`)
process.exit()
