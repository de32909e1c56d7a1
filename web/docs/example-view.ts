// An example that can be changed and sent.

import { token } from '../api.ts'
import { h, show } from '../dom.ts'
import { queryText } from '../format.ts'
import { quoted } from '../shell.ts'
import { copyButton } from '../widgets/copyable.ts'
import type { Operation, Parameter } from './open-api.ts'

const MOST_SHOWN = 20_000
const LIMIT_MS = 60_000

/** null for what only changes things or needs a name that nobody can guess. */
export function exampleView(
  path: string,
  method: string,
  operation: Operation,
): HTMLElement | null {
  if (method === 'options' || method === 'head') return null
  const fields = (operation.parameters ?? []).filter((parameter) => parameter.in !== 'header')
  const inputs = fields.map(
    (parameter) =>
      [
        parameter,
        h('input', {
          name: parameter.name,
          value: exampleOf(parameter),
          placeholder: parameter.required === true || parameter.in === 'path' ? 'needed' : '',
          autocomplete: 'off',
        }),
      ] as const,
  )
  const examples = Object.entries(
    operation.requestBody?.content['application/json']?.examples ?? {},
  )
  const body =
    operation.requestBody === undefined
      ? null
      : h('textarea', { rows: 8, spellcheck: 'false', 'aria-label': 'Body' })
  if (body !== null) body.value = JSON.stringify(examples[0]?.[1].value ?? {}, null, 2)
  const outcome = h('div', { 'aria-live': 'polite' })
  const form = h(
    'form',
    { class: 'example' },
    examples.length > 1 &&
      h(
        'div',
        { class: 'row' },
        ...examples.map(([name, { value }]) =>
          h(
            'button',
            {
              type: 'button',
              onclick: () => body !== null && (body.value = JSON.stringify(value, null, 2)),
            },
            name,
          ),
        ),
      ),
    ...inputs.map(([{ name }, input]) =>
      h('label', { class: 'field' }, h('span', {}, name), input),
    ),
    body,
    h(
      'div',
      { class: 'row' },
      h('button', { type: 'submit', class: 'main' }, 'Send'),
      copyButton(() => curlOf(), 'it as curl', 'Copy as curl'),
    ),
    outcome,
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void send()
  })

  function address(): URL {
    let filled = path
    const query = new URLSearchParams()
    for (const [parameter, { value }] of inputs) {
      if (parameter.in === 'path')
        filled = filled.replace(
          `{${parameter.name}}`,
          value.split('/').map(encodeURIComponent).join('/'),
        )
      else if (value !== '') query.set(parameter.name, value)
    }
    const url = new URL(filled.replace(/^\//, ''), document.baseURI)
    url.search = query.toString()
    return url
  }

  function curlOf(): string {
    const how =
      body === null
        ? method === 'get'
          ? ''
          : ` -X ${method.toUpperCase()}`
        : ` --json ${quoted(body.value)}`
    return `curl -s '${address()}'${how}`
  }

  async function send(): Promise<void> {
    show(outcome, h('p', { role: 'status' }, 'Waiting for the answer …'))
    const headers = new Headers({ accept: 'application/json, */*;q=0.5' })
    if (body !== null) headers.set('content-type', 'application/json')
    if (token.get() !== '') headers.set('authorization', `Bearer ${token.get()}`)
    try {
      const init = {
        method: method.toUpperCase(),
        headers,
        body: body?.value ?? null,
        signal: AbortSignal.timeout(LIMIT_MS),
      }
      show(outcome, ...(await answerView(await fetch(address(), init))))
    } catch (error) {
      show(
        outcome,
        h(
          'p',
          { class: 'fault', role: 'alert' },
          error instanceof Error ? error.message : String(error),
        ),
      )
    }
  }
  return form
}

async function answerView(response: Response): Promise<Node[]> {
  const type = response.headers.get('content-type') ?? ''
  const head = h('p', { class: 'small' }, `${response.status} ${type}`)
  if (type.startsWith('image/')) {
    const image = h('img', { alt: 'The answer', src: URL.createObjectURL(await response.blob()) })
    return [head, image]
  }
  if (!/json|text|xml|yaml/.test(type))
    return [head, h('p', { class: 'small' }, `${(await response.arrayBuffer()).byteLength} bytes`)]
  const text = await response.text()
  return [head, h('pre', { tabindex: '0' }, h('code', {}, pretty(text).slice(0, MOST_SHOWN)))]
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function exampleOf({ example, schema }: Parameter): string {
  const value = example ?? (schema?.enum?.length === 1 ? undefined : schema?.default)
  return value === undefined ? '' : queryText(value)
}
