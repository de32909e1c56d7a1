// Stands where SST's CLI looks for Pulumi's engine: runs the CLI's own program on SST's own components, every resource
// answered by mocks, and writes down what was asked for. Plans nothing, makes nothing.

import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type AskedResource, createMocks } from './pulumi-mocks.ts'

/** The parts of @pulumi/pulumi that are used here; it lies in SST's platform, not among our packages. */
interface Pulumi {
  readonly runtime: {
    setMocks(mocks: object, project: string, stack: string, preview: boolean): Promise<void>
    runInPulumiStack(program: () => Promise<unknown>): Promise<unknown>
    disconnect(): Promise<void>
  }
}

const args = process.argv.slice(2)
const after = (name: string) => args[args.indexOf(name) + 1] ?? ''
const command = args[0] === 'stack' ? args.slice(0, 2).join(' ') : (args[0] ?? '')

switch (command) {
  case 'version':
    process.stdout.write('v3.215.0\n')
    break
  case 'stack init':
    initialize(args[2] ?? '')
    break
  case 'preview':
    await preview(after('--stack'), after('--event-log'))
    break
  default:
    process.stderr.write(`pulumi stand-in: no ${args.join(' ')} here\n`)
    process.exitCode = 2
}

/** The state of a stack that has nothing yet, where the CLI looks for it. */
function initialize(stack: string): void {
  const [, project = '', stage = ''] = stack.split('/')
  const folder = join('.pulumi/stacks', project)
  mkdirSync(folder, { recursive: true })
  const manifest = { time: new Date(0).toISOString(), magic: '', version: '' }
  const checkpoint = { stack, latest: { manifest, resources: [] } }
  writeFileSync(join(folder, `${stage}.json`), JSON.stringify({ version: 3, checkpoint }))
}

async function preview(stack: string, eventLog: string): Promise<void> {
  const [, project = '', stage = ''] = stack.split('/')
  const main = /main: (.*)/.exec(readFileSync('Pulumi.yaml', 'utf8'))?.[1] ?? ''
  const { runtime }: Pulumi = createRequire(main)('@pulumi/pulumi')
  const resources: AskedResource[] = []
  const region = process.env['SST_AWS_REGION'] ?? ''
  await runtime.setMocks(createMocks(region, resources), project, stage, false)
  Object.assign(process.env, { PULUMI_NODEJS_PROJECT: project, PULUMI_NODEJS_STACK: stage })
  const program = async () => (await import(pathToFileURL(main).href)).default ?? {}
  const outputs = await runtime.runInPulumiStack(program)
  await runtime.disconnect()
  writeFileSync(process.env['GREENPRINT_PROOF'] ?? '', JSON.stringify({ resources, outputs }))
  const summaryEvent = { durationSeconds: 0, resourceChanges: { create: resources.length } }
  appendFileSync(eventLog, `${JSON.stringify({ sequence: 1, timestamp: 0, summaryEvent })}\n`)
}
