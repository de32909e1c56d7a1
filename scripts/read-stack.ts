// `npm run stack`: a line of the log of a deployed function, its stack told by places in the sources.

import { existsSync, readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'

/** Where infra/bundle.ts keeps the maps of what was deployed last from this machine. */
const folder = resolve('.sst/maps')
const [name = 'api'] = process.argv.slice(2)
const maps = join(folder, name)
if (!existsSync(maps)) {
  process.stderr.write(
    `There are no maps of ${JSON.stringify(name)} in ${folder}: they are kept where the API was deployed from, by the ` +
      'names api, worker, notify and schedule.\n',
  )
  process.exit(1)
}

const line = await text(process.stdin)
process.stdout.write(
  line
    .replaceAll('\\n', '\n')
    .replace(
      /file:\/\/[^\s:]*\/([\w.-]+\.mjs):(\d+):(\d+)/g,
      (place, file: string, row, column) =>
        placeInSources(file, Number(row), Number(column)) ?? place,
    ),
)

/** null where no map tells. */
function placeInSources(file: string, row: number, column: number): string | null {
  const path = join(maps, `${file}.map`)
  if (!existsSync(path)) return null
  const map = new SourceMap(JSON.parse(readFileSync(path, 'utf8')))
  const found = map.findOrigin(row, column)
  if (!('fileName' in found)) return null
  // The map has the way from where the bundle was made.
  const source = found.fileName.replace(/^(?:\.\.\/)+/, '')
  return `${source}:${found.lineNumber}:${found.columnNumber}`
}
