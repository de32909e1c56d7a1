// What tests ask of Kubo's RPC API over one connection: a process for each question takes fifty milliseconds.

import type { Kubo } from './kubo.ts'

export interface KuboRpc {
  /** The CID that a path ends at, or what Kubo says against it. */
  resolve(path: string): Promise<{ readonly cid: string } | { readonly error: string }>
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
      const body = new FormData()
      body.append('file', new Blob([car]), 'blocks.car')
      await (await answered(await call('dag/import', { 'pin-roots': 'false' }, body))).text()
    },
  }
}
