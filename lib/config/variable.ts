// What the table of variables tells of each of them.

import type { Reader } from './readers.ts'

export const functionNames = ['Api', 'Worker', 'Notify', 'Schedule'] as const
export type FunctionName = (typeof functionNames)[number]

export interface Variable {
  readonly read: Reader<unknown>
  /** What is taken without it, as the documents say it; '' where there is nothing to say. */
  readonly fallback: string
  readonly meaning: string
  /** How a deployment on AWS gives it to which functions; null = not at all. */
  readonly given: Given | null
}

/** A setting of the operator, a secret of the stage, or the name of something that the deployment makes. */
interface Given {
  readonly as: 'setting' | 'secret' | 'resource'
  readonly to: readonly FunctionName[]
}

export const setting = { as: 'setting', to: functionNames } as const
export const resource = { as: 'resource', to: functionNames } as const
export const settingOfNotices = { as: 'setting', to: ['Notify', 'Schedule'] } as const
export const resourceOfWork = { as: 'resource', to: ['Api', 'Worker'] } as const
export const secretOfWork = { as: 'secret', to: ['Api', 'Worker'] } as const
