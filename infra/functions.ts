// The four functions, each with its settings and the least permissions that it needs.

import { beforehand, bundleAnew, withDrawing } from './bundle.ts'
import { createChecks } from './checks.ts'
import { ownKey } from './encryption.ts'
import { createEnvironments, namesFor } from './environments.ts'
import { ownNetwork } from './network.ts'
import type { Places } from './places.ts'
import { projFiles } from './proj-files.ts'
import { rights } from './rights.ts'
import { rightsToSecrets } from './secrets.ts'
import { count, setting } from './settings.ts'

/** Time-out of each function in seconds. */
export const timeouts = { Api: 29, Worker: 900, Notify: 60, Schedule: 300 } as const

export type Functions = ReturnType<typeof createFunctions>

export function createFunctions(places: Places) {
  const environmentOf = createEnvironments(places)
  const { read, mirrors, inbox, write, remove, queueJobs, receive, postpone, announce } =
    rights(places)
  const proj = projFiles()
  const Schedule = define('Schedule', {
    environment: environmentOf('Schedule'),
    permissions: [...read, write('Schedule'), queueJobs],
  })
  const checks = setting('PUBLIC_GATEWAY') === undefined ? null : createChecks(Schedule)
  const plan = checks?.permissions ?? []
  const reserved = count('API_CONCURRENCY')
  return {
    Api: define('Api', {
      nodejs: withDrawing,
      // For the block cache (256 MiB) and the GeoTIFF of a whole scene while it is written.
      storage: '1 GB',
      copyFiles: [sample, { from: 'web/dist', to: 'web' }, ...proj],
      // Taken out of what the account has, which is 10 in a new one: only where the operator says so.
      ...(reserved === null ? {} : { concurrency: { reserved } }),
      environment: environmentOf('Api', checks?.environment),
      permissions: [...read, ...mirrors, write('Api'), remove('Api'), queueJobs, ...plan],
    }),
    Worker: define('Worker', {
      nodejs: withDrawing,
      copyFiles: [sample, ...proj],
      memory: '3008 MB',
      storage: '4 GB',
      environment: environmentOf('Worker', checks?.environment),
      permissions: [
        ...read,
        ...mirrors,
        write('Worker'),
        remove('Worker'),
        receive(places.jobs),
        postpone,
        // The job that follows another one: NDVI after fingerprints.
        queueJobs,
        announce,
        ...plan,
      ],
    }),
    Notify: define('Notify', {
      environment: environmentOf('Notify'),
      permissions: [...read, inbox, write('Notify'), receive(places.notices), queueJobs],
    }),
    Schedule,
  }
}

/** Read from beside the bundle, as in the sources from beside lib/sample/sample.ts: a newcomer's first scene. */
const sample = { from: 'lib/sample/scene', to: 'scene' }

const trusted = aws.iam.assumeRolePolicyForPrincipal({ Service: 'lambda.amazonaws.com' })

function define(name: keyof typeof timeouts, { permissions, ...args }: Defined) {
  const key = ownKey()
  const vpc = ownNetwork()
  const door = `functions/${name.toLowerCase()}`
  return new sst.aws.Function(name, {
    handler: `${door}.handler`,
    runtime: 'nodejs24.x',
    // The tests ask for the architecture of the machine that they run on.
    architecture: setting('SST_ARCH') === 'x86_64' ? 'x86_64' : 'arm64',
    memory: '1769 MB',
    timeout: `${timeouts[name]} seconds`,
    // Its lines have the time and the level that this format asks for, and pass as they are.
    logging: { format: 'json', retention: '1 month' },
    nodejs: beforehand,
    hook: { postbuild: (folder: string) => bundleAnew(folder, `${door}.ts`) },
    ...(vpc === null ? {} : { vpc }),
    // SST's own trust policy would let the account's other roles assume this one.
    transform: {
      role: { assumeRolePolicy: trusted },
      function: key === null ? {} : { kmsKeyArn: key },
    },
    ...args,
    permissions: [...permissions, ...rightsToSecrets(namesFor(name))],
  })
}

type Permission = sst.aws.FunctionPermissionArgs

interface Defined extends Partial<sst.aws.FunctionArgs> {
  permissions: Permission[]
}
