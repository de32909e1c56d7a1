// What holds in all files of the page: strangers' text is never markup, and the page stays apart from the server.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../web/', import.meta.url))
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('dist'))
  .map((name) => ({
    name,
    text: readFileSync(`${folder}${name}`, 'utf8').replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, ''),
  }))

describe('the page', () => {
  it('makes no markup of text', () => {
    const ways =
      /\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|srcdoc|eval|setHTMLUnsafe)\b|new Function/
    assert.deepEqual(
      files.filter(({ text }) => ways.test(text)).map(({ name }) => name),
      [],
    )
  })

  it('takes from lib the colour ramps alone', () => {
    const from = files.flatMap(({ text }) =>
      [...text.matchAll(/from '(?:\.\.\/)+(lib\/[^']+)'/g)].map(([, path]) => path),
    )
    assert.deepEqual([...new Set(from)], ['lib/image/ramps.data.ts'])
  })

  it('has one door for MapLibre', () => {
    const doors = files.filter(({ text }) => /^import \{[^}]*\} from 'maplibre-gl'/m.test(text))
    assert.deepEqual(
      doors.map(({ name }) => name),
      ['map/map-view.ts'],
    )
  })

  it('names no other host than the catalogues of the search (and SVG’s namespace)', () => {
    const hosts = files.flatMap(({ text }) =>
      [...text.matchAll(/https?:\/\/([\w.-]+\.[a-z]{2,})/g)].map(([, host]) => host),
    )
    assert.deepEqual(
      [...new Set(hosts)].toSorted((one = '', other = '') => one.localeCompare(other)),
      ['earth-search.aws.element84.com', 'planetarycomputer.microsoft.com', 'www.w3.org'],
    )
  })

  it('keeps files short, and lines', () => {
    const long = files.filter(
      ({ text }) => text.split('\n').length > 251 || /^.{121,}$/m.test(text),
    )
    assert.deepEqual(
      long.map(({ name }) => name),
      [],
    )
  })
})
