// A script of Debian's Python that answers each line with a line: it and its libraries take a second to start, once.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { PYTHON } from './requires.ts'

export class PythonLines {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #lines: Interface
  readonly #answers: AsyncIterator<string>
  #last: Promise<unknown> = Promise.resolve()
  #complaints = ''

  /** @param args of Python: the script and what it is given */
  constructor(args: readonly string[]) {
    this.#process = spawn(PYTHON, ['-W', 'ignore', '-B', ...args])
    this.#process.stderr.on('data', (chunk) => (this.#complaints += String(chunk)))
    this.#lines = createInterface(this.#process.stdout)
    this.#answers = this.#lines[Symbol.asyncIterator]()
  }

  /** One question after the other, whoever asks. */
  async ask(line: string): Promise<string> {
    const before = this.#last
    const answer = before.then(() => this.#askNow(line))
    this.#last = answer.catch(() => undefined)
    return answer
  }

  async #askNow(line: string): Promise<string> {
    this.#process.stdin.write(`${line}\n`)
    const { value, done } = await this.#answers.next()
    if (done === true) throw new Error(`Python gave up on ${line}: ${this.#complaints}`)
    return value
  }

  async close(): Promise<void> {
    const over = once(this.#process, 'close')
    this.#process.stdin.end()
    this.#lines.close()
    await over
  }
}
