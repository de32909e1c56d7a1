// Talks with gdal.py, which stays alive so that no run pays for its start.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { PYTHON } from '../../test/harness/requires.ts'

export interface GdalJob {
  readonly urls: readonly string[]
  /** col, row, width, height at full resolution; null is the whole scene. */
  readonly window: readonly number[] | null
  /** rows, cols of the result; null is as many as the window has. */
  readonly shape: readonly [number, number] | null
}

interface GdalAnswer {
  readonly ms: number
  /** Of the pixels of each file, little-endian, row by row. */
  readonly sha256: readonly string[]
}

export class Gdal {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>
  /** `rasterio 1.3.5, GDAL 3.6.2` */
  readonly version: string

  private constructor(
    child: ChildProcessWithoutNullStreams,
    lines: AsyncIterator<string>,
    version: string,
  ) {
    this.#child = child
    this.#lines = lines
    this.version = version
  }

  static async start(): Promise<Gdal> {
    const child = spawn(PYTHON, [fileURLToPath(new URL('gdal.py', import.meta.url))])
    child.stderr.pipe(process.stderr)
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const { rasterio, gdal } = await nextAnswer<{ rasterio: string; gdal: string }>(lines)
    return new Gdal(child, lines, `rasterio ${rasterio}, GDAL ${gdal}`)
  }

  read(job: GdalJob): Promise<GdalAnswer> {
    this.#child.stdin.write(`${JSON.stringify(job)}\n`)
    return nextAnswer<GdalAnswer>(this.#lines)
  }

  stop(): void {
    this.#child.stdin.end()
  }
}

async function nextAnswer<T>(lines: AsyncIterator<string>): Promise<T> {
  const line = await lines.next()
  if (line.done === true) throw new Error('gdal.py has ended; what it said stands above')
  return JSON.parse(line.value)
}
