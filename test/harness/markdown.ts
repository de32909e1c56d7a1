// The repository's Markdown files, taken apart: code blocks with their marks, prose, links, and what links may point
// to.

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export interface CodeBlock {
  readonly line: number
  /** What follows the fence: `sh run`, `json reply`, ''. */
  readonly mark: string
  readonly text: string
}

export interface Line {
  readonly line: number
  readonly text: string
}

export interface Document {
  /** From the root of the repository. */
  readonly path: string
  readonly text: string
  readonly blocks: readonly CodeBlock[]
  /** Every line outside code blocks, with its code spans. */
  readonly lines: readonly Line[]
  /** Targets of links and images. */
  readonly links: readonly Line[]
  /** What `#…` may name. */
  readonly anchors: ReadonlySet<string>
}

/** Every Markdown file of the repository that is not somebody else's. */
export const documents: readonly Document[] = globSync('**/*.md', {
  cwd: root,
  exclude: (name) => /(^|\/)(node_modules|\.git|\.sst|\.greenprint|\.venv)$/.test(name),
})
  .toSorted()
  .map((path) => parse(path, readFileSync(join(root, path), 'utf8')))

export function documentAt(path: string): Document {
  const found = documents.find((document) => document.path === path)
  if (found === undefined) throw new Error(`there is no ${path}`)
  return found
}

function parse(path: string, text: string): Document {
  const blocks: CodeBlock[] = []
  const lines: Line[] = []
  let open: { line: number; mark: string; text: string[] } | null = null
  for (const [index, each] of text.split('\n').entries()) {
    const fence = /^\s*```(.*)$/.exec(each)
    if (fence === null) {
      if (open === null) lines.push({ line: index + 1, text: each })
      else open.text.push(each)
    } else if (open === null) open = { line: index + 1, mark: fence[1]?.trim() ?? '', text: [] }
    else {
      blocks.push({ ...open, text: open.text.join('\n') })
      open = null
    }
  }
  if (open !== null) throw new Error(`${path}:${open.line}: the code block has no end`)
  return { path, text, blocks, lines, links: linksOf(lines), anchors: anchorsOf(lines) }
}

function linksOf(lines: readonly Line[]): Line[] {
  return lines.flatMap(({ line, text }) => {
    const plain = text.replace(/`[^`]*`/g, (code) => 'x'.repeat(code.length))
    return [...plain.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => ({ line, text: match[1] ?? '' }))
  })
}

/** Headings as GitHub names them, and `<a id="…">`. */
function anchorsOf(lines: readonly Line[]): Set<string> {
  const anchors = new Set<string>()
  for (const { text } of lines) {
    for (const [, id = ''] of text.matchAll(/<a id="([^"]+)"><\/a>/g)) anchors.add(id)
    const heading = /^#{1,6} (.*)$/.exec(text)?.[1]
    if (heading === undefined) continue
    const slug = heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-')
    const again = [...anchors].filter((known) => known === slug || known.startsWith(`${slug}-`))
    anchors.add(anchors.has(slug) ? `${slug}-${again.length}` : slug)
  }
  return anchors
}
