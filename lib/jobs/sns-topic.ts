// The only door to SNS: a topic by its ARN, with the function's own role.

import type * as Sdk from '@aws-sdk/client-sns'
import { once } from '../async/once.ts'
import { adviceOnDenied } from '../aws/denied-right.ts'
import { describeError, GreenprintError } from '../errors.ts'
import type { ResultNotice, Topic } from './result-notice.ts'

interface Connection {
  /** The module, with its commands. */
  readonly sdk: typeof Sdk
  readonly client: Sdk.SNSClient
}

/** @param TopicArn names its region */
export function createSnsTopic(TopicArn: string): Topic {
  const [, , , region = '', , name = ''] = TopicArn.split(':')
  const connected = once(() => connect(region))
  return {
    async publish(notice, abortSignal) {
      abortSignal.throwIfAborted()
      try {
        const { sdk, client } = await connected()
        const command = new sdk.PublishCommand({
          TopicArn,
          Message: notice.message,
          MessageAttributes: typed(notice.attributes),
        })
        await client.send(command, { abortSignal })
      } catch (cause) {
        abortSignal.throwIfAborted()
        const reason =
          adviceOnDenied(cause, 'sns:Publish', `the topic ${name}`) ?? describeError(cause)
        const message = `The topic ${name} did not accept the notice: ${reason}.`
        throw new GreenprintError('queue_failed', message, { cause })
      }
    },
  }
}

/** Loads the SDK, which takes about 40 ms: only functions that announce results pay for it. */
async function connect(region: string): Promise<Connection> {
  const sdk = await import('@aws-sdk/client-sns')
  const requestHandler = { connectionTimeout: 3_000, socketTimeout: 10_000 }
  return { sdk, client: new sdk.SNSClient({ region, maxAttempts: 3, requestHandler }) }
}

/** SNS filters compare an attribute as a number only if its type is Number. */
function typed(attributes: ResultNotice['attributes']): Record<string, Sdk.MessageAttributeValue> {
  const entries = Object.entries(attributes).map(([name, value]) => {
    const DataType = typeof value === 'number' ? 'Number' : 'String'
    return [name, { DataType, StringValue: String(value) }]
  })
  return Object.fromEntries(entries)
}
