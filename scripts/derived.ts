// What the documents say of the code, derived from the code: a test compares, `npm run docs` writes.

import { functionNames, type Variable } from '../lib/config/variable.ts'
import { variableNames, variables } from '../lib/config/variables.ts'

/** The block of a document between `<!-- <name> -->` and `<!-- /<name> -->`, with these lines in it. */
export function withBlock(document: string, name: string, lines: readonly string[]): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [before, rest] = document.split(open)
  const [, after] = rest?.split(close) ?? []
  if (before === undefined || after === undefined) throw new Error(`there is no block ${open}`)
  return [before, open, '\n', lines.join('\n'), '\n', close, after].join('')
}

/** The table of docs/configuration.md. */
export function configurationTable(): string[] {
  const rows = variableNames.map((name) => {
    const { fallback, meaning, given }: Variable = variables[name]
    return `| \`${name}\` | ${fallback} | ${meaning.replaceAll('|', '\\|')} | ${told(given)} |`
  })
  return ['| variable | default | meaning | functions on AWS |', '|---|---|---|---|', ...rows]
}

function told(given: Variable['given']): string {
  if (given === null) return ''
  const to = given.to.length === functionNames.length ? 'all' : given.to.join(', ')
  return `${to}${howGiven[given.as]}`
}

const howGiven = {
  setting: '',
  secret: ' (a secret)',
  resource: ' (set by the deployment)',
} as const

/** The whole of .env.example. */
export function envExample(): string {
  const entries = variableNames.map((name) => {
    const { fallback, meaning } = variables[name]
    const without = fallback === '' ? 'unset' : fallback
    return `# ${meaning} Default: ${without}.\n${name}=\n`
  })
  const first =
    '# Copy to .env, which npm start reads, and keep what you need; an empty value counts as unset.\n'
  return [first, ...entries].join('\n')
}
