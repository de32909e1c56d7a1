// A real S3 server: Ceph's RADOS gateway from Debian's packages, one monitor, one store in memory, on loopback only.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'
import type { Requirement } from './requires.ts'

export const rgwRequirement: Requirement = {
  commands: ['radosgw', 'radosgw-admin', 'ceph-mon', 'ceph-osd', 'ceph', 'monmaptool', 'setpriv'],
  packages: '--no-install-recommends radosgw ceph-mon ceph-osd ceph-common',
}

export interface Rgw {
  readonly endpoint: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** Ends the daemons and removes their folder. */
  stop(): Promise<void>
}

const run = promisify(execFile)
const START_MS = 90_000

const TRIES = 6
const PAUSE_MS = 1_000

/**
 * Takes about ten seconds. Tried again: between finding a port free and using it, another's daemon can take it; and on
 * a busy machine the store asks its monitor for a place before it knows the cluster, and ends.
 *
 * @throws {Error} with the end of the logs when a daemon does not come up
 */
export async function startRgw(): Promise<Rgw> {
  for (let tries = 1; ; tries++) {
    try {
      return await tryStart()
    } catch (error) {
      if (tries === TRIES) throw error
      await sleep(PAUSE_MS)
    }
  }
}

async function tryStart(): Promise<Rgw> {
  const folder = await mkdtemp(join(tmpdir(), 'greenprint-rgw-'))
  const daemons: ChildProcess[] = []
  const stop = async () => {
    for (const daemon of daemons.toReversed()) await end(daemon)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const credentials = { accessKeyId: 'GREENPRINTTEST', secretAccessKey: randomUUID() }
    const endpoint = await raise(folder, daemons, credentials)
    return { endpoint, credentials, stop }
  } catch (error) {
    const logs = await Promise.all(
      ['mon.a', 'osd.0', 'client.rgw'].map((name) => tail(join(folder, `${name}.log`))),
    )
    await stop()
    throw new Error(`the RADOS gateway did not start\n${logs.join('\n')}`, { cause: error })
  }
}

async function raise(
  folder: string,
  daemons: ChildProcess[],
  credentials: Rgw['credentials'],
): Promise<string> {
  const [monitorPort, port] = [await freePort(), await freePort()]
  const fsid = randomUUID()
  const conf = join(folder, 'ceph.conf')
  for (const name of ['mon', 'osd', 'run']) await mkdir(join(folder, name))
  await writeFile(conf, configuration(folder, fsid, monitorPort, port))
  // A command would wait for a daemon that is gone until its time is over.
  const anyDied = new AbortController()
  // Whatever runs here ends with this process, however it ends.
  const mortal = ['--pdeathsig', 'KILL']
  const ceph = (command: string, ...args: string[]) =>
    run('setpriv', [...mortal, command, '-c', conf, ...args], {
      timeout: START_MS,
      signal: anyDied.signal,
    })
  const start = (command: string, ...args: string[]) => {
    const words = [...mortal, command, '-f', '-c', conf, ...args]
    const daemon = spawn('setpriv', words, { stdio: 'ignore' })
    daemon.once('exit', () => anyDied.abort(new Error(`${command} ended`)))
    daemons.push(daemon)
  }

  const map = join(folder, 'monmap')
  const address = `[v1:127.0.0.1:${monitorPort}]`
  await run('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', address, map])
  await ceph('ceph-mon', '-i', 'a', '--mkfs', '--monmap', map)
  start('ceph-mon', '-i', 'a')
  const osd = randomUUID()
  await ceph('ceph', '--connect-timeout', '20', 'osd', 'new', osd)
  await ceph('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', osd)
  start('ceph-osd', '-i', '0')
  const user = ['user', 'create', '--uid=test', '--display-name=test']
  const keys = [
    `--access-key=${credentials.accessKeyId}`,
    `--secret-key=${credentials.secretAccessKey}`,
  ]
  await ceph('radosgw-admin', '--name', 'client.rgw', ...user, ...keys)
  start('radosgw', '--name', 'client.rgw')
  const endpoint = `http://127.0.0.1:${port}`
  await answers(endpoint)
  return endpoint
}

/** No authentication between the daemons, no replicas, nothing on disk, nothing that runs by the clock. */
function configuration(folder: string, fsid: string, monitorPort: number, port: number): string {
  return `[global]
fsid = ${fsid}
mon_host = v1:127.0.0.1:${monitorPort}
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pgp_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
osd_class_update_on_start = false
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
mon_data_avail_crit = 0
mon_data_avail_warn = 0
run_dir = ${folder}/run
admin_socket = ${folder}/run/$name.$pid.asok
log_file = ${folder}/$name.log
pid_file = ${folder}/$name.pid
setuser =
[mon.a]
mon_data = ${folder}/mon
[osd.0]
osd_data = ${folder}/osd
osd_objectstore = memstore
memstore_device_bytes = 1073741824
osd_max_object_name_len = 256
osd_max_object_namespace_len = 64
[client.rgw]
rgw_frontends = beast endpoint=127.0.0.1:${port}
rgw_enable_usage_log = false
rgw_enable_ops_log = false
rgw_enable_gc_threads = false
rgw_enable_lc_threads = false
rgw_run_sync_thread = false
rgw_thread_pool_size = 16
keyring = /dev/null
`
}

async function answers(endpoint: string): Promise<void> {
  const deadline = AbortSignal.timeout(START_MS)
  for (;;) {
    const reply = await fetch(endpoint).catch(() => null)
    await reply?.body?.cancel()
    if (reply?.ok === true) return
    await sleep(50, undefined, { signal: deadline })
  }
}

async function end(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return
  const gone = once(daemon, 'exit')
  daemon.kill('SIGKILL')
  await gone
}

async function tail(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '')
  return `${log}\n${text.split('\n').slice(-8).join('\n')}`
}
