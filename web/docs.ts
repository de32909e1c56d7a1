// /docs: the API to read and to try, from /openapi.json of the same origin.

import { ask } from './api.ts'
import { exampleView } from './docs/example-view.ts'
import { marked } from './docs/marked.ts'
import { type OpenApi, type Operation, typeWords } from './docs/open-api.ts'
import { schemaView } from './docs/schema-view.ts'
import { h, show } from './dom.ts'
import { problemBox } from './widgets/problem-box.ts'

const page = document.getElementById('docs')
const LIMIT_MS = 20_000

if (page !== null) {
  ask<OpenApi>('/openapi.json', { signal: AbortSignal.timeout(LIMIT_MS) }).then(
    (api) => draw(page, api),
    (error: unknown) =>
      show(page, problemBox(error, [{ label: 'Try again', act: () => location.reload() }])),
  )
}

function draw(page: HTMLElement, api: OpenApi): void {
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const named = operations.filter(({ method }) => method !== 'options' && method !== 'head')
  show(
    page,
    h('h1', {}, h('a', { href: './' }, api.info.title), ` API ${api.info.version}`),
    h(
      'p',
      {},
      ...marked(api.info.description),
      ' ',
      h('a', { href: 'openapi.json' }, 'OpenAPI 3.1'),
    ),
    h(
      'nav',
      { 'aria-label': 'Operations' },
      h(
        'ul',
        {},
        ...named.map(({ path, method, operation }) =>
          h(
            'li',
            {},
            h('a', { href: `#${operation.operationId}` }, `${method.toUpperCase()} ${path}`),
          ),
        ),
      ),
    ),
    ...named.map(({ path, method, operation }) => operationView(path, method, operation, api)),
  )
  if (location.hash !== '') document.getElementById(location.hash.slice(1))?.scrollIntoView()
}

function operationView(
  path: string,
  method: string,
  operation: Operation,
  api: OpenApi,
): HTMLElement {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation
  const example = exampleView(path, method, operation)
  const body = requestBody?.content['application/json']?.schema
  return h(
    'article',
    { id: operationId },
    h(
      'h2',
      {},
      h('code', { class: `method method-${method}` }, method.toUpperCase()),
      ' ',
      h('code', {}, path),
    ),
    h('p', {}, summary, '. ', ...marked(description ?? '')),
    parameters.length > 0 &&
      h(
        'details',
        { open: parameters.length < 6 },
        h('summary', {}, 'Parameters'),
        h(
          'ul',
          { class: 'fields' },
          ...parameters.map((parameter) =>
            h(
              'li',
              {},
              h('code', { class: 'field-name' }, parameter.name),
              h(
                'span',
                { class: 'faint small' },
                ` ${typeWords(parameter.schema ?? {})}, ${parameter.in}`,
              ),
              h('div', { class: 'small' }, ...marked(parameter.description ?? '')),
            ),
          ),
        ),
      ),
    body !== undefined && h('details', {}, h('summary', {}, 'Body'), schemaView(body, api)),
    h(
      'details',
      {},
      h('summary', {}, 'Answers'),
      ...Object.entries(responses).map(([status, { description: words, content }]) =>
        h(
          'div',
          { class: 'answer' },
          h('p', {}, h('strong', {}, status), ' ', ...marked(words)),
          ...Object.entries(content ?? {}).map(([type, media]) =>
            h(
              'div',
              {},
              h('code', {}, type),
              media.schema === undefined ? null : schemaView(media.schema, api),
            ),
          ),
        ),
      ),
    ),
    example !== null && h('details', {}, h('summary', {}, 'Try it'), example),
  )
}
