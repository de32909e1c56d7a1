// A Dockerfile, as far as ours goes: its stages, and the instructions of each, arguments in JSON read.

import { readFileSync } from 'node:fs'

export interface Instruction {
  readonly name: string
  readonly text: string
  /** Of the JSON form. */
  readonly words: readonly string[]
}

export interface Stage {
  readonly base: string
  readonly instructions: readonly Instruction[]
  all(name: string): readonly Instruction[]
}

export function readDockerfile(path: string): readonly Stage[] {
  const lines = readFileSync(path, 'utf8')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  const stages: { base: string; instructions: Instruction[] }[] = []
  for (const line of lines) {
    const [, name = '', text = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    if (name === '') throw new SyntaxError(`not an instruction: ${line}`)
    if (name === 'FROM') stages.push({ base: text.split(' ')[0] ?? '', instructions: [] })
    const json = /\[.*\]$/.exec(text)?.[0]
    const words: string[] = json === undefined ? [] : JSON.parse(json)
    stages.at(-1)?.instructions.push({ name, text, words })
  }
  return stages.map(({ base, instructions }) => ({
    base,
    instructions,
    all: (name) => instructions.filter((each) => each.name === name),
  }))
}

export interface Copied {
  /** Stage that the sources are of; null = the context. */
  readonly stage: string | null
  readonly from: readonly string[]
  readonly to: string
}

/** Stage, sources and target of a COPY. */
export function copyOf({ text }: Instruction): Copied {
  const words = text.split(/\s+/)
  const stage = /^--from=(.+)$/.exec(words[0] ?? '')?.[1] ?? null
  return { stage, from: words.slice(stage === null ? 0 : 1, -1), to: words.at(-1) ?? '' }
}
