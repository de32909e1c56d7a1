// Trust is a type: code that hands unchecked bytes to the raster or to a verified file does not compile.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { RAW } from '../../lib/ipld/cid.ts'
import { takenFrom, verifyBlock } from '../../lib/ipld/verify.ts'
import { noise } from '../harness/blocks.ts'
import { cidOfBlock } from '../harness/cid-of-block.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** What the compiler says of bytes without the mark. */
const UNCHECKED = /Property '\[verified\]' is missing in type/

interface Snippet {
  readonly name: string
  readonly code: string
  /** Code and words of the one error; null for code that compiles. */
  readonly error: readonly [code: string, words: RegExp] | null
}

const snippets: readonly Snippet[] = [
  {
    name: 'a raster over checked bytes',
    code: `
      const file = await openFile(cid, blocks, new ReadSession(), signal)
      await openCog(file, signal)`,
    error: null,
  },
  {
    name: 'a checked block, once it is known that it fits',
    code: `
      const block = verifyBlock(cid, received)
      if (block !== null) decodeFileNode(cid, block)`,
    error: null,
  },
  {
    name: 'a raster over a file whose bytes come from the network',
    code: `
      const file: RandomAccess = { size: 5, readAll: async () => [received] }
      await openCog(file, signal)`,
    error: ['TS2322', UNCHECKED],
  },
  {
    name: 'a verified file that somebody wrote around a buffer',
    code: `
      const file: VerifiedFile = { cid, isWhole: true, size: 5, readAll: async () => [received] }
      await openCog(file, signal)`,
    error: ['TS2322', UNCHECKED],
  },
  {
    name: 'a tile decoder on unchecked bytes',
    code: `await decode(received, signal)`,
    error: ['TS2345', UNCHECKED],
  },
  {
    name: 'a tile decoder on bytes that came over TLS and are told as unchecked',
    code: `await decode(transported, signal)`,
    error: null,
  },
  {
    name: 'a node of a file on bytes that came over TLS',
    code: `decodeFileNode(cid, transported)`,
    error: ['TS2345', UNCHECKED],
  },
  {
    name: 'a node of a file on unchecked bytes',
    code: `decodeFileNode(cid, received)`,
    error: ['TS2345', UNCHECKED],
  },
  {
    name: 'unchecked bytes put into a range of a file',
    code: `new RangeBuffer({ offset: 0, length: 5 }, 5).take(received, 0)`,
    error: ['TS2345', UNCHECKED],
  },
  {
    name: 'a block that nobody looked at after it was checked',
    code: `decodeFileNode(cid, verifyBlock(cid, received))`,
    error: ['TS2345', /'VerifiedBytes \| null' is not assignable/],
  },
  {
    name: 'a mark that somebody made at home',
    code: `decodeFileNode(cid, Object.assign(received, { verified: true as const }))`,
    error: ['TS2345', UNCHECKED],
  },
  {
    name: 'a copy of checked bytes, which may have been written to',
    code: `decodeFileNode(cid, checked.slice())`,
    error: ['TS2345', UNCHECKED],
  },
]

function fileFor({ code }: Snippet): string {
  const from = (path: string) => `'${join(root, 'lib', path)}'`
  return `
    import type { Cid } from ${from('ipld/cid.ts')}
    import type { Blocks } from ${from('ipfs/blocks.ts')}
    import { openFile, type VerifiedFile } from ${from('ipfs/file.ts')}
    import { RangeBuffer } from ${from('ipfs/ranges.ts')}
    import { ReadSession } from ${from('ipfs/read-session.ts')}
    import { decodeFileNode } from ${from('ipld/unixfs.ts')}
    import { verifyBlock } from ${from('ipld/verify.ts')}
    import type { RandomAccess, TransportBytes, VerifiedBytes } from ${from('model/bytes.ts')}
    import { openCog } from ${from('cog/cog.ts')}
    import type { TileDecoder } from ${from('cog/tile-decoder.ts')}
    declare const cid: Cid
    declare const blocks: Blocks
    declare const signal: AbortSignal
    declare const received: Uint8Array<ArrayBuffer>
    declare const checked: VerifiedBytes
    declare const transported: TransportBytes
    declare const decode: TileDecoder['decode']
    export async function snippet(): Promise<void> {
      ${code}
    }
    export const used: unknown = [
      openFile, RangeBuffer, ReadSession, decodeFileNode, verifyBlock, openCog, blocks, signal, received, checked, transported, decode, cid,
    ]
    export type Used = VerifiedFile | RandomAccess
  `
}

/** Errors by file name, each with the lines that explain it. */
function readErrors(output: string): Map<string, string[]> {
  const errors = new Map<string, string[]>()
  let current: string[] = []
  for (const line of output.split('\n')) {
    const match = /([\w-]+\.mts)\(\d+,\d+\): (error TS\d+: .*)$/.exec(line)
    if (match !== null) {
      current = errors.get(match[1] ?? '') ?? []
      errors.set(match[1] ?? '', [...current, match[2] ?? ''])
      continue
    }
    const [file, all] = [...errors].at(-1) ?? []
    const last = all?.at(-1)
    if (file !== undefined && last !== undefined && line.startsWith(' '))
      errors.set(file, [...(all?.slice(0, -1) ?? []), `${last}\n${line}`])
  }
  return errors
}

describe('the compiler', () => {
  let folder: string
  let errors: Map<string, string[]>

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'greenprint-trust-'))
    await Promise.all(
      snippets.map((snippet, at) => writeFile(join(folder, `s${at}.mts`), fileFor(snippet))),
    )
    const project = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { typeRoots: [join(root, 'node_modules/@types')] },
      include: ['*.mts'],
    }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project))
    errors = readErrors(await compile(folder))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  for (const [at, { name, error }] of snippets.entries()) {
    it(`${error === null ? 'accepts' : 'refuses'} ${name}`, () => {
      const found = errors.get(`s${at}.mts`) ?? []
      if (error === null) return assert.deepEqual(found, [])
      assert.equal(found.length, 1, found.join('\n'))
      const [only = ''] = found
      assert.ok(only.startsWith(`error ${error[0]}: `), only)
      assert.match(only, error[1])
    })
  }

  it('complains of nothing else', () => {
    const refused = snippets.flatMap(({ error }, at) => (error === null ? [] : [`s${at}.mts`]))
    assert.deepEqual([...errors.keys()].toSorted(), refused.toSorted())
  })
})

/** The compiler's output, whether it was content or not. */
function compile(folder: string): Promise<string> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const args = [tsc, '--noEmit', '--pretty', 'false', '-p', folder]
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (_, stdout, stderr) =>
      resolve(`${stdout}\n${stderr}`),
    )
  })
}

it('nothing is taken out of a block that does not lie in it', () => {
  const whole = noise(100)
  const part = whole.subarray(20, 60)
  const block = verifyBlock(cidOfBlock(RAW, part), part)
  assert.ok(block)
  assert.deepEqual(takenFrom(block, whole.subarray(30, 60)), whole.slice(30, 60))
  assert.equal(takenFrom(block, new Uint8Array(0)).length, 0)
  for (const bytes of [part.slice(0, 5), whole.subarray(19, 25), whole.subarray(55, 61)])
    assert.throws(() => takenFrom(block, bytes), RangeError)
})

it('bytes are marked in one file, and taken out of marked ones in three more', async () => {
  const uses = new Map<string, string[]>()
  const names = await readdir(join(root, 'lib'), { recursive: true })
  for (const name of names.filter((path) => path.endsWith('.ts'))) {
    const text = await readFile(join(root, 'lib', name), 'utf8')
    const found = text.match(/\b(?:takenFrom|VerifiedAssembly)(?=\()/g) ?? []
    if (found.length > 0) uses.set(name, [...new Set(found)])
  }
  assert.deepEqual(Object.fromEntries(uses), {
    'ipfs/ranges.ts': ['VerifiedAssembly'],
    'ipld/unixfs.ts': ['takenFrom'],
    'ipld/verify.ts': ['takenFrom'],
    // The front of a file, out of its first leaf.
    'steps/wanted-leaves.ts': ['takenFrom'],
  })
})
