// The same request as code: curl, Python, JavaScript.

import type { Context, Panel } from '../context.ts'
import { h, show } from '../dom.ts'
import { quoted } from '../shell.ts'
import { copyButton } from '../widgets/copyable.ts'

type Language = 'curl' | 'Python' | 'JavaScript'
const languages: readonly Language[] = ['curl', 'Python', 'JavaScript']

export function codePanel({ result }: Context): Panel {
  let language: Language = 'curl'
  const text = h('code', {})
  const choices = languages.map((name) => {
    const radio = h('input', {
      type: 'radio',
      name: 'language',
      value: name,
      checked: name === language,
    })
    radio.addEventListener('change', () => {
      language = name
      draw()
    })
    return h('label', { class: 'pick' }, radio, name)
  })
  const element = h(
    'details',
    { class: 'code' },
    h('summary', {}, 'The same request as code'),
    h(
      'div',
      { class: 'row', role: 'group', 'aria-label': 'Language' },
      ...choices,
      copyButton(() => text.textContent ?? '', 'the code'),
    ),
    h('pre', { tabindex: '0' }, text),
  )

  function draw(): void {
    const request = result()?.request
    element.hidden = request === undefined
    if (request !== undefined) show(text, codeOf(language, request))
  }
  return { element, update: draw }
}

/** Exported for the test, which runs what it reads. */
export function codeOf(language: Language, request: Readonly<Record<string, unknown>>): string {
  const address = new URL('ndvi', document.baseURI).href
  const body = JSON.stringify(request, null, 2)
  if (language === 'curl') return `curl -s ${address} --json ${quoted(body)}`
  if (language === 'JavaScript') {
    return [
      `const response = await fetch('${address}', {`,
      "  method: 'POST',",
      "  headers: { 'content-type': 'application/json' },",
      `  body: JSON.stringify(${body.replaceAll('\n', '\n  ')}),`,
      '})',
      'const { statistics, root } = await response.json()',
      'console.log(statistics.mean, root.cid)',
    ].join('\n')
  }
  return [
    'import json',
    'import requests',
    '',
    `body = json.loads(r"""${body.replaceAll('"""', String.raw`\"\"\"`)}""")`,
    `reply = requests.post("${address}", json=body, timeout=60)`,
    'reply.raise_for_status()',
    'ndvi = reply.json()',
    'print(ndvi["statistics"]["mean"], ndvi["root"]["cid"])',
  ].join('\n')
}
