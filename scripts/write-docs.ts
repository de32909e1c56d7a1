// `npm run docs`: writes what the documents derive from the code.

import { readFileSync, writeFileSync } from 'node:fs'
import { configurationTable, envExample, withBlock } from './derived.ts'

const pathOf = (name: string) => new URL(`../${name}`, import.meta.url)

function writeBlock(document: string, block: string, lines: readonly string[]): void {
  const path = pathOf(document)
  writeFileSync(path, withBlock(readFileSync(path, 'utf8'), block, lines))
}

writeBlock('docs/configuration.md', 'variables', configurationTable())
writeFileSync(pathOf('.env.example'), envExample())
