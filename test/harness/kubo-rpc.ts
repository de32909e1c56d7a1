// What tests ask of Kubo's RPC API over one connection: a process for each question takes fifty milliseconds.

import type { Kubo } from './kubo.ts'

export interface KuboRpc {
  /** The CID that a path ends at, or what Kubo says against it. */
  resolve(path: string): Promise<{ readonly cid: string } | { readonly error: string }>
  /** Imports a file, with options as `chunker=rabin`. @returns its CID */
  add(file: Uint8Array<ArrayBuffer>, options: readonly string[]): Promise<string>
  /** A file. */
  cat(cid: string): Promise<Uint8Array<ArrayBuffer>>
  /** Keeps a block of any size under sha2-256 as raw bytes. @returns its CID */
  putRaw(block: Uint8Array<ArrayBuffer>): Promise<string>
  /** Names and CIDs of a directory. */
  list(directory: string): Promise<ReadonlyMap<string, string>>
  /** The whole DAG under a root, as a CAR. */
  exportCar(root: string): Promise<Uint8Array<ArrayBuffer>>
  /** Takes the blocks of a CAR; none of them is pinned. */
  importCar(car: Uint8Array<ArrayBuffer>): Promise<void>
}

interface Listing {
  readonly Objects: readonly {
    readonly Links: readonly { readonly Name: string; readonly Hash: string }[]
  }[]
}

interface Resolution {
  readonly Path?: string
  readonly Message?: string
}

function formOf(bytes: Uint8Array<ArrayBuffer>): FormData {
  const form = new FormData()
  form.append('file', new Blob([bytes]), 'file')
  return form
}

async function read<T>(response: Response): Promise<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what Kubo's manual says of this command
  return (await response.json()) as T
}

export function kuboRpc({ rpc }: Pick<Kubo, 'rpc'>): KuboRpc {
  const call = (command: string, args: Readonly<Record<string, string>>, body?: FormData) =>
    fetch(`${rpc}/api/v0/${command}?${new URLSearchParams(args).toString()}`, {
      method: 'POST',
      ...(body === undefined ? {} : { body }),
    })
  const answered = async (response: Response) => {
    if (!response.ok) throw new Error(`Kubo answered ${response.status}: ${await response.text()}`)
    return response
  }

  return {
    async resolve(path) {
      const response = await call('resolve', { arg: path, recursive: 'true' })
      const { Path = '', Message = '' } = await read<Resolution>(response)
      return response.ok ? { cid: Path.replace('/ipfs/', '') } : { error: Message }
    },
    async add(file, options) {
      const args = Object.fromEntries(new URLSearchParams(options.join('&')))
      const response = await call('add', { quieter: 'true', ...args }, formOf(file))
      return (await read<{ readonly Hash: string }>(await answered(response))).Hash
    },
    async cat(cid) {
      const response = await answered(await call('cat', { arg: cid }))
      return new Uint8Array(await response.arrayBuffer())
    },
    async putRaw(block) {
      const args = { 'cid-codec': 'raw', 'allow-big-block': 'true' }
      const response = await call('block/put', args, formOf(block))
      return (await read<{ readonly Key: string }>(await answered(response))).Key
    },
    async list(directory) {
      const args = { arg: directory, size: 'false', 'resolve-type': 'false' }
      const listing = await read<Listing>(await answered(await call('ls', args)))
      const links = listing.Objects.flatMap(({ Links }) => Links)
      return new Map(links.map(({ Name, Hash }) => [Name, Hash]))
    },
    async exportCar(root) {
      const response = await answered(await call('dag/export', { arg: root, progress: 'false' }))
      return new Uint8Array(await response.arrayBuffer())
    },
    async importCar(car) {
      const response = await call('dag/import', { 'pin-roots': 'false' }, formOf(car))
      await (await answered(response)).text()
    },
  }
}
