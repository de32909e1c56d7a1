// docs/limits.md lists the samples and compressions of GeoTIFFs that are read: exactly those that are.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { compressionNames } from '../../../lib/cog/codecs.ts'
import { sampleFormat } from '../../../lib/cog/samples.ts'

const text = readFileSync(new URL('../../../docs/limits.md', import.meta.url), 'utf8')

function row(name: string): string[] {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`| ${name} |`))
  assert.ok(line, name)
  return line.split('|').map((cell) => cell.trim())
}

/** Bits of a kind that are read, by what the reader does. */
function bitsOf(format: number): number[] {
  return Array.from({ length: 64 }, (_, i) => i + 1).filter((bits) => {
    try {
      sampleFormat(format, bits)
      return true
    } catch {
      return false
    }
  })
}

describe('the table of GeoTIFFs', () => {
  it('names every compression, read or refused', () => {
    const [, , read = '', refused = ''] = row('Compression')
    assert.deepEqual(read.split(', '), compressionNames.read)
    assert.deepEqual(refused.split(', '), compressionNames.refused)
  })

  it('names every size of samples', () => {
    const [, , read = ''] = row('Samples')
    const [unsigned = '', signed = '', floats = ''] = read.split(';')
    const numbers = (words: string) => (words.match(/\d+/g) ?? []).map(Number)
    const [from = 0, to = 0, more = 0] = numbers(unsigned)
    const range = Array.from({ length: to - from + 1 }, (_, i) => from + i)
    assert.deepEqual(bitsOf(1), [...range, more])
    assert.deepEqual(bitsOf(2), numbers(signed))
    assert.deepEqual(bitsOf(3), numbers(floats))
    assert.deepEqual(bitsOf(6), [])
  })
})
