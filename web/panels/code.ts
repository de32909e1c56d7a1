// The same request as code: curl, Python, JavaScript.

import { token } from '../api.ts'
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
    if (request !== undefined) show(text, codeOf(language, request, token.get() !== ''))
  }
  return { element, update: draw }
}

/** @param isKnown whether the request was sent with a token: its place is named, never the token itself */
function codeOf(
  language: Language,
  request: Readonly<Record<string, unknown>>,
  isKnown: boolean,
): string {
  const address = new URL('ndvi', document.baseURI).href
  const body = JSON.stringify(request, null, 2)
  if (language === 'curl') {
    const header = isKnown ? ' -H "authorization: Bearer $GREENPRINT_TOKEN"' : ''
    return `curl -s ${address}${header} --json ${quoted(body)}`
  }
  if (language === 'JavaScript') {
    return [
      `const response = await fetch('${address}', {`,
      "  method: 'POST',",
      isKnown
        ? "  headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },"
        : "  headers: { 'content-type': 'application/json' },",
      `  body: JSON.stringify(${body.replaceAll('\n', '\n  ')}),`,
      '})',
      'const { statistics, root } = await response.json()',
      'console.log(statistics.mean, root.cid)',
    ].join('\n')
  }
  return [
    'import json',
    ...(isKnown ? ['import os'] : []),
    'import requests',
    '',
    ...(isKnown ? ['headers = {"authorization": "Bearer " + os.environ["GREENPRINT_TOKEN"]}'] : []),
    `body = json.loads(r"""${body.replaceAll('"""', String.raw`\"\"\"`)}""")`,
    `reply = requests.post("${address}", json=body, ${isKnown ? 'headers=headers, ' : ''}timeout=60)`,
    'reply.raise_for_status()',
    'ndvi = reply.json()',
    'print(ndvi["statistics"]["mean"], ndvi["root"]["cid"])',
  ].join('\n')
}
