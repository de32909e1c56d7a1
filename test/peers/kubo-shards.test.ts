// Sharded directories beside a real Kubo: every name of its own, and thousands of shards that were tampered with.

import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { decode, encode, type PBNode, prepare } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { systemClock } from '../../lib/async/clock.ts'
import { GreenprintError } from '../../lib/errors.ts'
import { createBlocks } from '../../lib/ipfs/blocks.ts'
import { BlockRace } from '../../lib/ipfs/race.ts'
import { ReadSession } from '../../lib/ipfs/read-session.ts'
import { resolvePath } from '../../lib/ipfs/resolve-path.ts'
import { decodeCar, encodeCar } from '../../lib/ipld/car.ts'
import { blockKey, type Cid, DAG_PB, parseCid, RAW } from '../../lib/ipld/cid.ts'
import type { DagBlock } from '../../lib/ipld/dag-block.ts'
import { verifyBlock } from '../../lib/ipld/verify.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { cidOfBlock } from '../harness/cid-of-block.ts'
import { type Kubo, startKubo } from '../harness/kubo.ts'
import { type KuboRpc, kuboRpc } from '../harness/kubo-rpc.ts'
import { skipWithoutKubo } from '../harness/peers.ts'
import { type Random, randomFrom } from '../harness/random.ts'

const ENTRIES = 9_000
const MUTANTS = 5_000
const signal = new AbortController().signal
const names = Array.from({ length: ENTRIES }, (_, index) => `LC08_L1TP_${index}_B4.TIF`)

type Directory = Awaited<ReturnType<typeof addDirectory>>

/** A directory of small files, as `ipfs add -r` makes it; the block of every shard is in memory too. */
async function addDirectory(node: Kubo, ...options: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'greenprint-shards-'))
  try {
    const scenes = join(folder, 'scenes')
    await mkdir(scenes)
    for (const name of names) await writeFile(join(scenes, name), name)
    const root = (await node.ipfs('add', '-r', '-Q', ...options, scenes)).trim()
    const memory = new MemoryBlocks()
    const { blocks } = await decodeCar(await kuboRpc(node).exportCar(root))
    for (const { cid, bytes } of blocks) memory.put(cid, bytes.slice())
    return { root, memory, shards: blocks.filter(({ bytes }) => isShard(bytes)).slice(1) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function isShard(bytes: Uint8Array): boolean {
  try {
    return UnixFS.unmarshal(decode(bytes).Data ?? new Uint8Array(0)).type.includes('shard')
  } catch {
    return false
  }
}

function resolverOver(memory: MemoryBlocks) {
  const source = { name: 'memory', get: async (cid: Cid) => memory.get(cid) }
  const network = new BlockRace([], systemClock)
  const blocks = createBlocks({ own: [source], network, cacheBytes: 0 })
  return (cid: string, path: string) =>
    resolvePath({ cid, path }, blocks, new ReadSession(), signal)
}

describe(`directories of ${ENTRIES} entries`, () => {
  it('are resolved as Kubo does, and what was tampered with is read alike or refused', async (t) => {
    if (skipWithoutKubo(t)) return
    await using node = await startKubo()
    for (const options of [['--cid-version=1', '--raw-leaves'], []]) {
      const directory = await addDirectory(node, ...options)
      await t.test(`every name: ipfs add -r ${options.join(' ')}`, () =>
        checkNames(directory, node),
      )
      const isLast = options.length === 0
      if (isLast)
        await t.test(`${MUTANTS} shards that were tampered with`, (sub) =>
          checkMutants(directory, node, sub),
        )
    }
  })
})

async function checkNames({ root, memory, shards }: Directory, node: Kubo): Promise<void> {
  assert.ok(shards.length > 100, `${shards.length} shards`)
  const expected = await kuboRpc(node).list(root)
  assert.equal(expected.size, ENTRIES)
  const resolve = resolverOver(memory)
  for (const [name, cid] of expected) assert.equal((await resolve(root, name)).toString(), cid)
  await assert.rejects(resolve(root, 'B4.TIF'), { code: 'not_found' })
}

async function checkMutants(
  { root, memory, shards }: Directory,
  node: Kubo,
  t: TestContext,
): Promise<void> {
  const random = randomFrom(7)
  const slots = new Map(
    decode(memory.get(parseCid(root)) ?? new Uint8Array(0)).Links.map(({ Name, Hash }) => [
      Hash.toString(),
      Name ?? '',
    ]),
  )
  const mutants = Array.from({ length: MUTANTS }, () => {
    const shard = random.pick(shards)
    const mutant = mutate(shard, random)
    return { mutant, top: shardOver(slots.get(shard.cid.toString()) ?? '', mutant.cid) }
  })
  const planted = mutants.flatMap(({ mutant, top }) => [mutant, top])
  for (const { cid, bytes } of planted) memory.put(cid, Uint8Array.from(bytes))
  // Under raw CIDs, since Kubo reads what it imports: its store knows a block by its hash alone.
  const blocks = planted.map(({ bytes }) => ({ cid: cidOfBlock(RAW, bytes), bytes }))
  const rpc = kuboRpc(node)
  await rpc.importCar((await encodeCar(blocks[0]?.cid ?? parseCid('bafkqaaa'), blocks)).bytes)
  await compare(mutants, memory, rpc, random, t)
}

async function compare(
  mutants: readonly { readonly mutant: DagBlock; readonly top: DagBlock }[],
  memory: MemoryBlocks,
  rpc: KuboRpc,
  random: Random,
  t: TestContext,
): Promise<void> {
  const resolve = resolverOver(memory)
  const seen = { same: 0, 'both say absent': 0, refused: 0 }
  for (const { mutant, top } of mutants) {
    const { cid } = top
    const name = someName(mutant.bytes, random)
    const ours = await resolve(cid.toString(), name).then(String, (error: unknown) => {
      assert.ok(error instanceof GreenprintError, String(error))
      return error.code
    })
    if (ours === 'content_unusable' || ours === 'content_unavailable') {
      seen.refused++
      continue
    }
    const theirs = await rpc.resolve(`/ipfs/${cid.toString()}/${name}`)
    const where = `${name} under ${cid.toString()}`
    if (ours === 'not_found') {
      assert.ok(
        'error' in theirs && /no link named/.test(theirs.error),
        `${where} ${JSON.stringify(theirs)}`,
      )
      seen['both say absent']++
    } else {
      assert.ok('cid' in theirs, `${where} ${JSON.stringify(theirs)}`)
      // Kubo names blocks below a CIDv1 in version 1.
      assert.equal(blockKey(parseCid(theirs.cid)), blockKey(parseCid(ours)), where)
      seen.same++
    }
  }
  t.diagnostic(JSON.stringify(seen))
  for (const count of Object.values(seen)) assert.ok(count > 100, JSON.stringify(seen))
}

/** Mostly a name that the shard has, as far as it has any. */
function someName(bytes: Uint8Array, random: Random): string {
  const known = namesIn(bytes)
  return known.length > 0 && random.chance(0.8) ? random.pick(known) : random.pick(names)
}

function namesIn(bytes: Uint8Array): string[] {
  try {
    return decode(bytes).Links.flatMap(({ Name = '' }) => (Name.length > 2 ? [Name.slice(2)] : []))
  } catch {
    return []
  }
}

function mutate({ bytes }: { readonly bytes: Uint8Array }, random: Random): DagBlock {
  const node = decode(bytes)
  let block: Uint8Array = bytes
  for (let times = random.whole(1, 2); times > 0; times--)
    block = random.chance(0.15) ? flip(block, random) : change(node, random)
  return dagBlock(block)
}

/** The level above a shard: sound, with one slot. */
function shardOver(prefix: string, Hash: Cid): DagBlock {
  const slot = Number.parseInt(prefix, 16)
  const data = new Uint8Array(32)
  data[31 - (slot >> 3)] = 1 << (slot & 7)
  const unixfs = new UnixFS({ type: 'hamt-sharded-directory', data, fanout: 256n, hashType: 0x22n })
  return dagBlock(encode(prepare({ Data: unixfs.marshal(), Links: [{ Name: prefix, Hash }] })))
}

function dagBlock(block: Uint8Array): DagBlock {
  const copy = Uint8Array.from(block)
  const cid = cidOfBlock(DAG_PB, copy)
  const verified = verifyBlock(cid, copy)
  assert.ok(verified)
  return { cid, bytes: verified }
}

function flip(block: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(block)
  const at = random.whole(0, copy.length - 1)
  copy[at] = (copy[at] ?? 0) ^ (1 << random.whole(0, 7))
  return copy
}

/** One change of a sound shard's fields, written down as a writer with that fault would. */
function change(node: PBNode, random: Random): Uint8Array {
  const unixfs = UnixFS.unmarshal(node.Data ?? new Uint8Array(0))
  const links = node.Links.map((link) => ({ ...link }))
  let data = Uint8Array.from(unixfs.data ?? [])
  let { fanout = 256n } = unixfs
  let hashType = 0x22n
  const at = random.whole(0, links.length - 1)
  const link = links[at]
  const other = random.pick(links)
  const slot = () => random.whole(0, 255).toString(16).toUpperCase().padStart(2, '0')
  const changes: readonly (() => void)[] = [
    () =>
      (fanout = random.pick([0n, 1n, 2n, 8n, 16n, 64n, 100n, 128n, 512n, 1024n, 2048n, 2n ** 31n])),
    () => (hashType = random.pick([0n, 0x12n, 0x23n])),
    () => (data = data.slice(random.whole(0, data.length))),
    () => (data = Uint8Array.from([...new Uint8Array(random.whole(1, 40)), ...data])),
    () => (data[random.whole(0, data.length - 1)]! ^= 1 << random.whole(0, 7)),
    () => links.splice(at, 1),
    () => links.splice(at, 0, { ...other }),
    () => links.splice(0, links.length, ...links.toReversed()),
    () => link && (link.Name = `${slot()}${(link.Name ?? '').slice(2)}`),
    () => link && (link.Name = (link.Name ?? '').slice(0, 2)),
    () => link && (link.Name = (link.Name ?? '').slice(0, 1)),
    () => link && (link.Name = `${(link.Name ?? '').slice(0, 2)}${random.pick(names)}`),
    () => link && (link.Name = (link.Name ?? '').toLowerCase()),
    () => link && (link.Hash = other.Hash),
    // Nothing but a change that no reader sees: it must be read.
    () => link && (link.Tsize = random.whole(0, 1_000_000)),
  ]
  random.pick(changes)()
  const changed = new UnixFS({ type: 'hamt-sharded-directory', data, fanout, hashType })
  return encode(prepare({ Data: changed.marshal(), Links: links }))
}
