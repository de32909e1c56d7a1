// A function as Lambda runs it: its unpacked zip under AWS's own runtime client, in a process with Lambda's
// environment.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runtimeClient } from '../infra/runtime-client.ts'
import { type Answer, startRuntimeApi } from './runtime-api.ts'

export interface LambdaOptions {
  /** Folder of the unpacked zip. */
  readonly task: string
  /** `file.export`, as the function's configuration names it. */
  readonly handler: string
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly memoryMb: number
  /** Runs the function: this process's own Node by default. */
  readonly node?: readonly string[]
}

export interface Lambda {
  /** An answer always comes: a function that dies, or takes too long, has an error for one. */
  invoke(event: unknown): Promise<Answer>
  /** What it wrote to its log. */
  readonly log: () => string
  readonly pid: number
  readonly stop: () => Promise<void>
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Starts the process and returns at once: its cold start goes on while the first event waits. */
export async function startLambda(options: LambdaOptions): Promise<Lambda> {
  const api = await startRuntimeApi(options.timeoutMs)
  // A /tmp of its own for each environment, as Lambda has it.
  const scratch = mkdtempSync(join(tmpdir(), 'lambda-'))
  const child = spawnRuntime(options, api.address, scratch)
  let log = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log += text
    })
  }
  const exited = once(child, 'exit')
  child.once('exit', (status, signal) => {
    const errorMessage = `Runtime exited with ${String(signal ?? status)}\n${log}`
    api.fail({ errorType: 'Runtime.ExitError', errorMessage })
  })

  return {
    async invoke(event) {
      const timer = setTimeout(() => {
        const errorMessage = `Task timed out after ${options.timeoutMs / 1000} seconds`
        api.fail({ errorType: 'Sandbox.Timedout', errorMessage })
        child.kill('SIGKILL')
      }, options.timeoutMs)
      const answer = await api.invoke(event)
      clearTimeout(timer)
      return answer
    },
    log: () => log,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGKILL')
      await exited
      await api.stop()
      rmSync(scratch, { recursive: true, force: true })
    },
  }
}

function spawnRuntime(options: LambdaOptions, api: string, scratch: string): ChildProcess {
  const [command = process.execPath, ...before] = options.node ?? []
  const preload = ['./loopback-only.cjs', './rapid-client.cjs'].flatMap((name) => [
    '-r',
    file(name),
  ])
  return spawn(command, [...before, ...preload, runtimeClient], {
    cwd: options.task,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      _HANDLER: options.handler,
      LAMBDA_TASK_ROOT: options.task,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_RUNTIME_API: api,
      AWS_LAMBDA_FUNCTION_NAME: 'test',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/test',
      AWS_LAMBDA_LOG_STREAM_NAME: 'test',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(options.memoryMb),
      AWS_REGION: 'us-west-2',
      DATA_DIR: scratch,
      ...options.environment,
    },
  })
}
