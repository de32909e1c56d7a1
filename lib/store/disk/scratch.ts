// Room for what is too large for memory while it is made: files without a name, which no end of the process can leave
// behind.

import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { nextTurn, turnIsOver } from '../../async/turns.ts'
import { GreenprintError } from '../../errors.ts'
import type { ByteSink, FileContent } from '../file-content.ts'
import { explainDiskFailure } from './disk-failure.ts'

/** What all spools of one computation hold in memory together; the rest lies in files. */
const MOST_HELD = 32 * 1024 * 1024
const PIECE = 1024 * 1024

/** Bytes that are written once, front to back, and then read. */
export interface Spool extends ByteSink, FileContent {}

/** Gives out spools, and takes back all their room at the end: `await using scratch = openScratch(…)`. */
export interface Scratch extends AsyncDisposable {
  openSpool(): Spool
}

/** @param folder made when the first file is needed */
export function openScratch(folder: string, mostHeld = MOST_HELD): Scratch {
  const room: Room = { folder, left: mostHeld, closed: false }
  const spools: FileSpool[] = []
  return {
    openSpool() {
      const spool = new FileSpool(room)
      spools.push(spool)
      return spool
    },
    async [Symbol.asyncDispose]() {
      room.closed = true
      await Promise.all(spools.map((spool) => spool.close()))
    },
  }
}

interface Room {
  readonly folder: string
  /** Bytes that may still be held in memory. */
  left: number
  closed: boolean
}

class FileSpool implements Spool {
  readonly #room: Room
  #held: Uint8Array<ArrayBuffer>[] = []
  #file: FileHandle | null = null
  #size = 0

  constructor(room: Room) {
    this.#room = room
  }

  get size(): number {
    return this.#size
  }

  async append(piece: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#room.closed) throw closed()
    this.#size += piece.length
    if (this.#file === null && piece.length <= this.#room.left) {
      this.#room.left -= piece.length
      this.#held.push(piece)
      return
    }
    await explaining(async () => {
      this.#file ??= await this.#spill()
      await this.#file.writeFile(piece)
    })
  }

  async *pieces(signal: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    signal.throwIfAborted()
    if (this.#room.closed) throw closed()
    for (const piece of this.#held) {
      // Nothing is waited for here, and what takes the pieces hashes them.
      if (turnIsOver()) await nextTurn(signal)
      yield piece
    }
    if (this.#file === null) return
    for (let offset = 0; offset < this.#size; offset += PIECE) {
      signal.throwIfAborted()
      yield await readPiece(this.#file, offset, Math.min(PIECE, this.#size - offset))
    }
  }

  async close(): Promise<void> {
    this.#held = []
    await this.#file?.close()
  }

  /** Moves what is held into a new file. */
  async #spill(): Promise<FileHandle> {
    const file = await openNameless(this.#room.folder)
    if (this.#room.closed) {
      await file.close()
      throw closed()
    }
    for (const piece of this.#held) {
      await file.writeFile(piece)
      this.#room.left += piece.length
    }
    this.#held = []
    return file
  }
}

/** A file that loses its name at once: its room is free again when it is closed, or when the process ends. */
async function openNameless(folder: string): Promise<FileHandle> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, randomUUID())
  const file = await open(path, 'wx+', 0o600)
  await rm(path)
  return file
}

async function readPiece(
  file: FileHandle,
  offset: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const piece = new Uint8Array(length)
  await explaining(async () => {
    for (let filled = 0; filled < length; ) {
      const { bytesRead } = await file.read(piece, { offset: filled, position: offset + filled })
      if (bytesRead === 0) throw new Error('a scratch file is shorter than what was written')
      filled += bytesRead
    }
  })
  return piece
}

async function explaining(act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (cause) {
    throw cause instanceof GreenprintError || cause instanceof RangeError
      ? cause
      : explainDiskFailure(cause)
  }
}

function closed(): RangeError {
  return new RangeError('this scratch is closed')
}
