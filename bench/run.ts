// `npm run bench` measures all parts, `npm run bench -- reads` one: tables, then every target that was missed.

import { benchCatalogue } from './catalogue/bench.ts'
import { benchComposite } from './composite/bench.ts'
import { benchLambda } from './lambda/bench.ts'
import { benchLoad } from './load/bench.ts'
import { machineLoad, watchOthers } from './machine.ts'
import { benchMemory } from './memory/bench.ts'
import { benchNumbers } from './numbers/bench.ts'
import { type Part, print } from './part.ts'
import { benchPlaces } from './places/bench.ts'
import { benchPrints } from './prints/bench.ts'
import { benchReads } from './reads/bench.ts'
import { benchSeries } from './series/bench.ts'
import { benchTiles } from './tiles/bench.ts'

const parts: Readonly<Record<string, Part>> = {
  // First: cold starts are the shortest, and this process is still small.
  lambda: benchLambda,
  reads: benchReads,
  fingerprint: benchPrints,
  numbers: benchNumbers,
  memory: benchMemory,
  places: benchPlaces,
  tiles: benchTiles,
  series: benchSeries,
  composite: benchComposite,
  catalogue: benchCatalogue,
  load: benchLoad,
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in parts))
if (unknown.length > 0) {
  print(`There is no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}.`)
  process.exit(2)
}

/** Of all processors: a part in which others had more is measured once more, where it missed a target. */
const DISTURBED = 0.15

async function measured(name: string, measure: Part): Promise<readonly string[]> {
  print(`\n== ${name}: ${machineLoad()}`)
  const others = watchOthers()
  const found = await measure()
  const share = others()
  print(`   other processes had ${(100 * share).toFixed(0)} % of the processors meanwhile`)
  if (found.length === 0 || !(share > DISTURBED)) return found
  print(`   and targets were missed: ${name} is measured once more`)
  return await measure()
}

const missed: string[] = []
for (const [name, measure] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const found = await measured(name, measure)
  missed.push(...found.map((target) => `${name}: ${target}`))
}
print(missed.length === 0 ? '\nEvery target is met.' : `\nMISSED\n  ${missed.join('\n  ')}`)
process.exitCode = missed.length === 0 ? 0 : 1
