// A deployment that has never seen a catalogue, beside the catalogue's own hosts, S3 among them.

import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { answerAs, CANARY, type Catalogue, REQUESTER_PAYS } from './catalogues.ts'
import { type Answer, type EmulatedHosts, startEmulatedHosts } from './emulated-hosts.ts'
import { json, startSystem, type TestSystem } from './system.ts'

export interface CatalogueWorld extends AsyncDisposable {
  readonly hosts: EmulatedHosts
  /** @param env instead of what the catalogue's row says */
  readonly visit: (
    catalogue: Pick<Catalogue, 'api' | 'env' | 'start'>,
    env?: Readonly<Record<string, string>>,
  ) => Promise<Place>
}

/** A deployment of its own for one catalogue, whose hosts are up until the next visit. */
export interface Place extends AsyncDisposable {
  readonly system: TestSystem
  /** Every reply, headers and text. */
  readonly said: string[]
  readonly folder: string
}

export async function startCatalogueWorld(): Promise<CatalogueWorld> {
  const hosts = await startEmulatedHosts()
  let inBucket: Answer = (_, response) => void response.writeHead(404).end()
  const bucket = createServer((request, response) => void answerAs(inBucket, request, response))
  await new Promise<void>((resolve) => bucket.listen(0, '127.0.0.1', resolve))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a listening TCP server has an AddressInfo
  const { port } = bucket.address() as AddressInfo
  // By these the SDK finds S3, and who asks it.
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: `${CANARY}-key`,
    AWS_SECRET_ACCESS_KEY: `${CANARY}-secret`,
  })
  return {
    hosts,
    async visit(catalogue, env = catalogue.env) {
      const { answers } = await catalogue.start()
      hosts.hosts.clear()
      hosts.asked.length = 0
      for (const [name, answer] of answers) hosts.hosts.set(name, answer)
      inBucket = answers.get(REQUESTER_PAYS) ?? inBucket
      const folder = await mkdtemp(join(tmpdir(), 'greenprint-catalogue-'))
      const system = await startSystem(
        {
          STAC_API_URL: catalogue.api,
          IPFS_GATEWAYS: 'https://nobody.example',
          DATA_DIR: folder,
          ...env,
        },
        hosts.http(),
      )
      return {
        system,
        folder,
        said: [],
        async [Symbol.asyncDispose]() {
          await system.close()
          await rm(folder, { recursive: true, force: true })
        },
      }
    },
    async [Symbol.asyncDispose]() {
      await hosts.close()
      bucket.closeAllConnections()
      await new Promise((resolve) => bucket.close(resolve))
    },
  }
}

/** GET, or POST with a body; what comes back is kept. */
export async function ask<T>(
  { system, said }: Place,
  path: string,
  body?: object,
  headers = {},
): Promise<T> {
  const posted = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  }
  const response = await fetch(`${system.base}${path}`, body === undefined ? {} : posted)
  said.push(JSON.stringify([...response.headers]), await response.clone().text())
  return json<T>(response)
}

/**
 * Nothing that signs a request is in a reply, a line, or a name or the bytes of anything that is kept.
 *
 * @returns how many files are kept
 */
export async function assertClean({ system, said, folder }: Place): Promise<number> {
  await system.services.settle()
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  const kept = files.filter((file) => file.isFile())
  const texts: (readonly [what: string, text: string])[] = [
    ...said.map((text) => ['a reply', text] as const),
    ...system.lines.map((line) => ['a line', line] as const),
  ]
  for (const file of kept) {
    const path = join(file.parentPath, file.name)
    texts.push(['a name', relative(folder, path)], [path, await readFile(path, 'latin1')])
  }
  for (const [what, text] of texts) {
    const at = text.indexOf(CANARY)
    assert.ok(at < 0, `${what}: …${text.slice(Math.max(0, at - 200), at + 60)}`)
  }
  return kept.length
}
