// Regular expressions on texts of others: none takes longer than in proportion to the text.

import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { hardTexts, type Pattern, patternsIn } from '../harness/patterns.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const LENGTH = 16 * 1024
/** A quadratic pattern takes two hundred, a linear one less than one. */
const MOST_MS = 30

const files = (await Promise.all(['lib', 'functions'].map(sourcesOf))).flat()

async function sourcesOf(folder: string): Promise<string[]> {
  const names = await readdir(join(root, folder), { recursive: true })
  return names
    .filter((name) => name.endsWith('.ts') && !name.endsWith('data.ts'))
    .map((name) => join(folder, name))
}

/** CPU time of this thread, the best of three: another program's work does not count. */
function cost(pattern: RegExp, text: string): number {
  let best = Infinity
  for (let tries = 0; tries < 3 && best > MOST_MS; tries++) {
    const before = process.threadCpuUsage()
    pattern.lastIndex = 0
    if (pattern.global) text.replace(pattern, '')
    else pattern.test(text)
    const { user, system } = process.threadCpuUsage(before)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}

describe('patterns in sources', () => {
  it('are found, comments and divisions are not', () => {
    const text =
      "const a = b / c / d // /x/\nf(/a[/]b/gi, `/no/ ${/yes\\//.test('/no/')}`)\nreturn /z+/"
    assert.deepEqual(
      patternsIn(text).map(({ line, source, flags }) => [line, source, flags]),
      [
        [2, 'a[/]b', 'gi'],
        [2, 'yes\\/', ''],
        [3, 'z+', ''],
      ],
    )
  })

  it('and a quadratic one takes longer than is allowed', () => {
    const hard = [...hardTexts({ line: 1, source: '\\/+$', flags: '' }, LENGTH)]
    assert.ok(hard.some((text) => cost(/\/+$/, text) > MOST_MS))
  })
})

it('16 KB of the worst characters hold none up', async () => {
  const slow: string[] = []
  const judged = new Set<string>()
  for (const file of files) {
    for (const pattern of patternsIn(await readFile(join(root, file), 'utf8'))) {
      const { line, source, flags } = pattern
      if (judged.has(`${source}/${flags}`)) continue
      judged.add(`${source}/${flags}`)
      const text = slowFor(pattern)
      if (text !== null) slow.push(`${file}:${line}: /${source}/ for ${JSON.stringify(text)}`)
    }
  }
  assert.deepEqual(slow, [])
  assert.ok(judged.size > 200, `${judged.size} patterns`)
})

/** The beginning of a text that takes too long; null where there is none. */
function slowFor(pattern: Pattern): string | null {
  const expression = new RegExp(pattern.source, pattern.flags)
  for (const text of hardTexts(pattern, LENGTH)) {
    if (cost(expression, text) > MOST_MS) return text.slice(0, 30)
  }
  return null
}

it('no pattern is made of text that comes from elsewhere', async () => {
  // That of the routes is of their own names.
  const known = new Set(['lib/http/no-route.ts'])
  const made: string[] = []
  for (const file of files) {
    const text = await readFile(join(root, file), 'utf8')
    if (/\bRegExp\s*\(/.test(text) && !known.has(file)) made.push(file)
  }
  assert.deepEqual(made, [])
})
