// Run by itself, one hostile TIFF in a process of its own: node measure-tiff.ts <index> <output>…

import { computeTiff } from './compute-tiff.ts'
import { deflatedTiff, largeTiffs } from './hostile-tiffs.ts'
import { longestTurn } from './turn-monitor.ts'

const [index, ...outputs] = process.argv.slice(2)
const [, tiff = () => new Uint8Array(0)] = largeTiffs[Number(index)] ?? []
const known = (['figure', 'item', 'layer', 'cog'] as const).filter((kind) => outputs.includes(kind))
const bytes = tiff()
// What loads and compiles with the first file is not the file's.
const small = deflatedTiff(600, 600)
for (let times = 0; times < 2; times++) await computeTiff(small, ['figure', 'item', 'layer', 'cog'])
const { value, milliseconds, withGarbage } = await longestTurn(() => computeTiff(bytes, known))
const peak = process.resourceUsage().maxRSS * 1024
process.stdout.write(JSON.stringify({ value, milliseconds, withGarbage, peak }))
