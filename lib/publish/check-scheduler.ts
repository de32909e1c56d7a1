// The only door to EventBridge Scheduler: each check of a root is a schedule that runs once and is deleted then.

import type * as Sdk from '@aws-sdk/client-scheduler'
import type { Clock } from '../async/clock.ts'
import { once } from '../async/once.ts'
import { adviceOnDenied } from '../aws/denied-right.ts'
import { describeError, GreenprintError } from '../errors.ts'
import { CHECK_MINUTES, type CheckPlan } from './check-plan.ts'

export interface CheckTarget {
  /** ARN of the function that checks; it names the region. */
  readonly target: string
  /** ARN of the role by which the schedule may call it. */
  readonly role: string
  /** Of schedules: a root that two deployments publish is checked by each. */
  readonly group: string
}

interface Connection {
  readonly sdk: typeof Sdk
  readonly client: Sdk.SchedulerClient
}

export function createScheduledPlan(
  { target: Arn, role: RoleArn, group: GroupName }: CheckTarget,
  clock: Pick<Clock, 'now'>,
): CheckPlan {
  const [, , , region = ''] = Arn.split(':')
  const connected = once(() => connect(region))
  return {
    async plan(root, signal) {
      signal.throwIfAborted()
      const now = clock.now()
      try {
        const { sdk, client } = await connected()
        const Target = { Arn, RoleArn, Input: JSON.stringify({ check: root }) }
        const commands = CHECK_MINUTES.map(
          (minutes) =>
            new sdk.CreateScheduleCommand({
              // At most 64 characters, of which a root takes 59.
              Name: `${root}-${minutes}`,
              GroupName,
              // To the second, in UTC, without a zone.
              ScheduleExpression: `at(${new Date(now + minutes * 60_000).toISOString().slice(0, 19)})`,
              FlexibleTimeWindow: { Mode: 'OFF' },
              ActionAfterCompletion: 'DELETE',
              Target: { ...Target, RetryPolicy: { MaximumRetryAttempts: 2 } },
            }),
        )
        await Promise.all(
          commands.map((command) => create(client.send(command, { abortSignal: signal }))),
        )
      } catch (cause) {
        signal.throwIfAborted()
        const reason =
          adviceOnDenied(cause, 'scheduler:CreateSchedule', `the group ${GroupName}`) ??
          describeError(cause)
        const message = `The checks could not be scheduled: ${reason}.`
        throw new GreenprintError('queue_failed', message, { cause })
      }
    },
  }
}

/** One of the same name is the same check. */
async function create(created: Promise<unknown>): Promise<void> {
  try {
    await created
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConflictException') throw error
  }
}

/** Loads the SDK: only who publishes pays for it. */
async function connect(region: string): Promise<Connection> {
  const sdk = await import('@aws-sdk/client-scheduler')
  const requestHandler = { connectionTimeout: 3_000, socketTimeout: 10_000 }
  return { sdk, client: new sdk.SchedulerClient({ region, maxAttempts: 3, requestHandler }) }
}
