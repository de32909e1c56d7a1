// A monthly budget of the account, in USD, where the operator names one: the topic of alarms is told when it is nearly
// spent, and when it will be.

import type { Places } from './places.ts'
import { setting } from './settings.ts'

const WATCHED = [
  { notificationType: 'ACTUAL', threshold: 80 },
  { notificationType: 'FORECASTED', threshold: 100 },
]

export function createBudget({ alarms }: Places): void {
  const limit = monthlyLimit()
  const policy = letTell(alarms)
  if (limit === null) return
  new aws.budgets.Budget(
    'Budget',
    {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      limitAmount: limit,
      limitUnit: 'USD',
      notifications: WATCHED.map((watched) => ({
        ...watched,
        thresholdType: 'PERCENTAGE',
        comparisonOperator: 'GREATER_THAN',
        subscriberSnsTopicArns: [alarms.arn],
      })),
    },
    { dependsOn: policy },
  )
}

/**
 * USD; null = the account has no budget of ours.
 *
 * @throws {RangeError} before anything is deployed
 */
export function monthlyLimit(): string | null {
  const limit = setting('BUDGET_USD')
  if (limit === undefined) return null
  if (/^[1-9]\d{0,8}(?:\.\d{1,2})?$/.test(limit)) return limit
  throw new RangeError(`BUDGET_USD must be an amount such as 50 or 49.90, not "${limit}".`)
}

/** A policy of its own replaces the one by which a topic takes what its account sends: alarms are let in by name. */
function letTell({ arn }: sst.aws.SnsTopic) {
  const statement = {
    actions: ['sns:Publish'],
    resources: [arn],
    principals: [
      { type: 'Service', identifiers: ['budgets.amazonaws.com', 'cloudwatch.amazonaws.com'] },
    ],
    conditions: [
      {
        test: 'StringEquals',
        variable: 'aws:SourceAccount',
        values: [aws.getCallerIdentityOutput().accountId],
      },
    ],
  }
  const policy = aws.iam.getPolicyDocumentOutput({ statements: [statement] }).json
  return new aws.sns.TopicPolicy('AlarmsPolicy', { arn, policy })
}
