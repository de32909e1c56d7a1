// The fields of a schema, one a row; what has fields of its own opens.

import { h } from '../dom.ts'
import { marked } from './marked.ts'
import { nameOf, type OpenApi, resolved, type Schema, typeWords } from './open-api.ts'

const DEEPEST = 4

export function schemaView(schema: Schema, api: OpenApi, depth = 0): HTMLElement {
  const { properties } = resolved(schema, api)
  if (properties === undefined) return h('p', { class: 'small' }, typeWords(schema))
  const required = resolved(schema, api).required ?? []
  return h(
    'ul',
    { class: 'fields' },
    ...Object.entries(properties).map(([name, field]) =>
      h('li', {}, ...fieldView(name, field, required.includes(name), api, depth)),
    ),
  )
}

function fieldView(
  name: string,
  field: Schema,
  isRequired: boolean,
  api: OpenApi,
  depth: number,
): Node[] {
  const head = [
    h('code', { class: 'field-name' }, name),
    h('span', { class: 'faint small' }, ` ${typeWords(field)}${isRequired ? '' : ', optional'}`),
  ]
  const words = field.description ?? resolved(field, api).description
  const inner = innerOf(field, api)
  return [
    ...head,
    ...(words === undefined ? [] : [h('div', { class: 'small' }, ...marked(words))]),
    ...(field.default === undefined
      ? []
      : [
          h(
            'div',
            { class: 'small faint' },
            'default ',
            h('code', {}, JSON.stringify(field.default)),
          ),
        ]),
    ...(inner === null || depth >= DEEPEST ? [] : [lazily(inner, api, depth)]),
  ]
}

/** Drawn when it is opened: a reply's schema is deep. */
function lazily(inner: Schema, api: OpenApi, depth: number): HTMLElement {
  const details = h('details', {}, h('summary', {}, nameOf(inner) ?? 'its fields'))
  details.addEventListener('toggle', () => {
    if (details.childElementCount === 1) details.append(schemaView(inner, api, depth + 1))
  })
  return details
}

/** What has fields: itself, its entries, or one of its choices. */
function innerOf(field: Schema, api: OpenApi): Schema | null {
  const own = resolved(field, api)
  if (own.properties !== undefined) return field
  if (own.items !== undefined) return innerOf(own.items, api)
  for (const choice of own.anyOf ?? own.oneOf ?? []) {
    const inner = innerOf(choice, api)
    if (inner !== null) return inner
  }
  return null
}
