// `npm run docs`: writes what the documents derive from the code.

import { readFileSync, writeFileSync } from 'node:fs'
import { configurationTable, envExample, withBlock } from './derived.ts'
import { houseMap, shortMap } from './house.ts'

const pathOf = (name: string) => new URL(`../${name}`, import.meta.url)

function writeBlock(document: string, block: string, lines: readonly string[]): void {
  const path = pathOf(document)
  writeFileSync(path, withBlock(readFileSync(path, 'utf8'), block, lines))
}

writeBlock('docs/configuration.md', 'variables', configurationTable())
writeBlock('docs/architecture.md', 'house', houseMap())
writeBlock('README.md', 'house', shortMap())
writeFileSync(pathOf('.env.example'), envExample())
