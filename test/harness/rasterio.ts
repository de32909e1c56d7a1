// rasterio in a process of its own: makes rasters and answers requests by the rules of test/fixtures/reference.py.

import { fileURLToPath } from 'node:url'
import type { Numbers } from './numbers.ts'
import { PythonLines } from './python-lines.ts'
import type { Requirement } from './requires.ts'

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
  readonly #python: PythonLines

  constructor() {
    const script = fileURLToPath(new URL('../fixtures/live_reference.py', import.meta.url))
    this.#python = new PythonLines([script])
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

  close(): Promise<void> {
    return this.#python.close()
  }

  #ask(task: string, given: object): Promise<string> {
    return this.#python.ask(JSON.stringify({ task, given }))
  }
}
