// This part of the bench by itself: `node test/bench/lambda/run.ts`.

import { benchLambda } from './bench.ts'

const missed = await benchLambda()
process.stdout.write(
  missed.length === 0 ? '\nEvery target is met.\n' : `\nMISSED\n  ${missed.join('\n  ')}\n`,
)
process.exitCode = missed.length === 0 ? 0 : 1
