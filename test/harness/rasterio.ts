// rasterio in a process of its own: makes rasters and answers requests by the rules of test/fixtures/reference.py.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Numbers } from './numbers.ts'
import { PYTHON, type Requirement } from './requires.ts'

export const rasterioRequirement: Requirement = {
  commands: [],
  pythonModules: ['rasterio'],
  packages: 'python3-rasterio',
}

export interface RasterSpec {
  readonly path: string
  readonly dtype: 'uint8' | 'uint16' | 'int16' | 'float32'
  /** Rows, columns. */
  readonly size: readonly [number, number]
  readonly epsg: number
  readonly transform: readonly number[]
  readonly nodata: number | null
  readonly seed: number
  readonly overviews: readonly number[]
  /** Pixels on a side of a tile. */
  readonly block: number
}

export interface QualitySpec
  extends Pick<RasterSpec, 'path' | 'size' | 'epsg' | 'transform' | 'seed'> {
  readonly dtype: 'uint8' | 'uint16' | 'int16'
  /** What its patches hold. */
  readonly numbers: readonly number[]
}

export class Rasterio {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #lines: Interface
  readonly #answers: AsyncIterator<string>
  #complaints = ''

  constructor() {
    const script = fileURLToPath(new URL('../fixtures/live_reference.py', import.meta.url))
    this.#process = spawn(PYTHON, ['-W', 'ignore', '-B', script])
    this.#process.stderr.on('data', (chunk) => (this.#complaints += String(chunk)))
    this.#lines = createInterface(this.#process.stdout)
    this.#answers = this.#lines[Symbol.asyncIterator]()
  }

  async make(spec: RasterSpec): Promise<void> {
    await this.#ask('make', spec)
  }

  async makeQuality(spec: QualitySpec): Promise<void> {
    await this.#ask('make_quality', spec)
  }

  /** @param request as `reference` of test/fixtures/reference.py takes it */
  async answer(request: object): Promise<Numbers> {
    return JSON.parse(await this.#ask('answer', request))
  }

  async close(): Promise<void> {
    const over = once(this.#process, 'close')
    this.#process.stdin.end()
    this.#lines.close()
    await over
  }

  /** One question at a time. */
  async #ask(task: string, given: object): Promise<string> {
    this.#process.stdin.write(`${JSON.stringify({ task, given })}\n`)
    const { value, done } = await this.#answers.next()
    if (done === true) throw new Error(`rasterio gave up on ${task}: ${this.#complaints}`)
    return value
  }
}
