// The door to PROJ: its WebAssembly and its database, loaded on first use and never before.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'

/** A pointer into PROJ's memory; 0 is null. */
export type Pointer = number

/** What emscripten makes of a C library, as far as it is used here. */
interface Emscripten {
  /** Replaced when the memory grows. */
  readonly HEAPF64: Float64Array
  readonly FS: { mkdirTree(path: string): void; writeFile(path: string, bytes: Uint8Array): void }
  UTF8ToString(pointer: Pointer): string
  stringToNewUTF8(text: string): Pointer
  getValue(pointer: Pointer, type: 'i32' | 'double' | '*'): number
  ccall(
    name: string,
    returns: 'number',
    types: readonly ('number' | 'string')[],
    values: readonly (number | string)[],
  ): number
  cwrap(
    name: string,
    returns: 'number',
    types: readonly 'number'[],
  ): (...values: readonly number[]) => number
}

/** PROJ's C API, and the memory that it works in. */
export class ProjModule {
  readonly #wasm: Emscripten
  readonly context: Pointer
  readonly #allocate: (bytes: number) => Pointer
  readonly #free: (pointer: Pointer) => number
  /** Without the detours of `ccall`: it is called for every place. */
  readonly #transform: (...values: readonly number[]) => number
  /** One place: x, y, z and time. */
  readonly #place: Pointer

  constructor(wasm: Emscripten) {
    this.#wasm = wasm
    this.#allocate = wasm.cwrap('malloc', 'number', ['number'])
    this.#free = wasm.cwrap('free', 'number', ['number'])
    const four = ['number', 'number', 'number', 'number'] as const
    this.#transform = wasm.cwrap('proj_trans_array', 'number', four)
    this.context = this.call('proj_context_create')
    this.#place = this.#allocate(32)
  }

  /** @param values numbers, pointers, or texts that live as long as the call */
  call(name: `proj_${string}`, ...values: readonly (number | string)[]): number {
    const types = values.map((value) => (typeof value === 'string' ? 'string' : 'number'))
    return guarded(() => this.#wasm.ccall(name, 'number', types, values))
  }

  /** A text of PROJ's; null for a null pointer. */
  text(pointer: Pointer): string | null {
    return pointer === 0 ? null : this.#wasm.UTF8ToString(pointer)
  }

  /** Calls with a long text, which the stack of the WebAssembly has no room for. */
  withText<T>(text: string, use: (pointer: Pointer) => T): T {
    const pointer = this.#wasm.stringToNewUTF8(text)
    try {
      return use(pointer)
    } finally {
      this.#free(pointer)
    }
  }

  /** Calls with room for what PROJ writes back, or for an array of pointers. */
  withRoom<T>(bytes: number, use: (room: Room) => T): T {
    const at = this.#allocate(bytes)
    try {
      return use({
        at,
        setPointers: (pointers) => {
          const view = new DataView(this.#wasm.HEAPF64.buffer)
          for (const [index, pointer] of pointers.entries()) {
            view.setUint32(at + 4 * index, pointer, true)
          }
        },
        number: (offset) => this.#wasm.getValue(at + offset, 'double'),
        integer: (offset) => this.#wasm.getValue(at + offset, 'i32'),
        text: (offset) => this.text(this.#wasm.getValue(at + offset, '*')),
      })
    } finally {
      this.#free(at)
    }
  }

  /** A place as PROJ takes it; valid until the next one. */
  place(x: number, y: number): Pointer {
    const { HEAPF64 } = this.#wasm
    const at = this.#place / 8
    HEAPF64[at] = x
    HEAPF64[at + 1] = y
    HEAPF64[at + 2] = 0
    // Infinity is "no time": coordinates of no epoch.
    HEAPF64[at + 3] = Number.POSITIVE_INFINITY
    return this.#place
  }

  /** PROJ's number of the fault that a place meets; 0 for none. */
  fault(operation: Pointer, direction: 1 | -1, x: number, y: number): number {
    const place = this.place(x, y)
    return guarded(() => this.#transform(operation, direction, 1, place))
  }

  /** @returns infinite numbers where the place has no other side */
  transform(operation: Pointer, direction: 1 | -1, x: number, y: number): [number, number] {
    const place = this.place(x, y)
    guarded(() => this.#transform(operation, direction, 1, place))
    const { HEAPF64 } = this.#wasm
    return [HEAPF64[place / 8] ?? Number.NaN, HEAPF64[place / 8 + 1] ?? Number.NaN]
  }
}

interface Room {
  readonly at: Pointer
  setPointers(pointers: readonly Pointer[]): void
  number(offset: number): number
  integer(offset: number): number
  text(offset: number): string | null
}

/** What PROJ says against what it was asked. */
export class ProjError extends Error {
  override readonly name = 'ProjError'
}

/**
 * The WebAssembly catches none of PROJ's own exceptions, so each leaves its memory in doubt: the next request begins
 * with a new one.
 */
function guarded<T>(use: () => T): T {
  try {
    return use()
  } catch (cause) {
    loading = undefined
    throw new ProjError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/** In a bundle the files lie beside it, the database packed, as infra/proj-files.ts copies them. */
const copied = new URL('./proj-wasm/', import.meta.url)
const SCRIPT = 'proj-emscripten.js'
const DATABASE = '/proj/proj.db'

let loading: Promise<ProjModule> | undefined

/** 14 MB of files and a third of a second, once a process. */
export function loadProjModule(): Promise<ProjModule> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}

async function load(): Promise<ProjModule> {
  const isBundle = existsSync(copied)
  const folder = isBundle ? copied : new URL('./', import.meta.resolve('proj-wasm'))
  const [{ default: instantiate }, bytes] = await Promise.all([
    // The package exports only its layer of workers; the WebAssembly is driven without it.
    import(new URL(SCRIPT, folder).href),
    isBundle
      ? readFile(new URL('proj.db.br', folder)).then(promisify(brotliDecompress))
      : readFile(new URL('proj.db', folder)),
  ])
  const wasm: Emscripten = await instantiate({
    locateFile: (name: string) => fileURLToPath(new URL(name, folder)),
    print: silent,
    printErr: silent,
  })
  wasm.FS.mkdirTree('/proj')
  wasm.FS.writeFile(DATABASE, bytes)
  const proj = new ProjModule(wasm)
  proj.call('proj_log_level', proj.context, 0)
  // Without this it asks a server for grids of datum shifts.
  proj.call('proj_context_set_enable_network', proj.context, 0)
  if (proj.call('proj_context_set_database_path', proj.context, DATABASE, 0, 0) !== 1) {
    throw new Error('PROJ cannot open its database')
  }
  return proj
}

/** Its faults come back as return values. */
function silent(): void {
  return undefined
}
