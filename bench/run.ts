// `npm run bench` measures all parts, `npm run bench -- reads` one: tables, then every target that was missed.

import { benchCatalogue } from './catalogue/bench.ts'
import { benchLambda } from './lambda/bench.ts'
import { benchNumbers } from './numbers/bench.ts'
import { type Part, print } from './part.ts'
import { benchPlaces } from './places/bench.ts'
import { benchPrints } from './prints/bench.ts'
import { benchReads } from './reads/bench.ts'

const parts: Readonly<Record<string, Part>> = {
  // First: cold starts are the shortest, and this process is still small.
  lambda: benchLambda,
  reads: benchReads,
  fingerprint: benchPrints,
  numbers: benchNumbers,
  places: benchPlaces,
  catalogue: benchCatalogue,
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in parts))
if (unknown.length > 0) {
  print(`There is no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}.`)
  process.exit(2)
}

const missed: string[] = []
for (const [name, measure] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const found = await measure()
  missed.push(...found.map((target) => `${name}: ${target}`))
}
print(missed.length === 0 ? '\nEvery target is met.' : `\nMISSED\n  ${missed.join('\n  ')}`)
process.exitCode = missed.length === 0 ? 0 : 1
