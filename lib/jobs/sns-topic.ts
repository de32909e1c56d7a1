// The only door to SNS: a topic by its ARN, with the function's own role.

import type * as Sdk from '@aws-sdk/client-sns'
import { describeError, GreenprintError } from '../errors.ts'
import type { ResultNotice, Topic } from './result-notice.ts'

interface Connection {
  /** Where the commands are. */
  readonly sdk: typeof Sdk
  readonly client: Sdk.SNSClient
}

/** @param TopicArn names its region */
export function createSnsTopic(TopicArn: string): Topic {
  const [, , , region = '', , name = ''] = TopicArn.split(':')
  let connection: Promise<Connection> | undefined
  return {
    async publish({ message, attributes }, abortSignal) {
      abortSignal.throwIfAborted()
      try {
        connection ??= connect(region)
        const { sdk, client } = await connection
        const command = new sdk.PublishCommand({
          TopicArn,
          Message: message,
          MessageAttributes: typed(attributes),
        })
        await client.send(command, { abortSignal })
      } catch (cause) {
        abortSignal.throwIfAborted()
        const told = `The topic ${name} did not take the notice: ${describeError(cause)}.`
        throw new GreenprintError('queue_failed', told, { cause })
      }
    },
  }
}

/** Loads the SDK, which takes about 40 ms: only who tells pays for it. */
async function connect(region: string): Promise<Connection> {
  const sdk = await import('@aws-sdk/client-sns')
  const requestHandler = { connectionTimeout: 3_000, socketTimeout: 10_000 }
  return { sdk, client: new sdk.SNSClient({ region, maxAttempts: 3, requestHandler }) }
}

/** Filters compare numbers only where an attribute says that it is one. */
function typed(attributes: ResultNotice['attributes']): Record<string, Sdk.MessageAttributeValue> {
  const entries = Object.entries(attributes).map(([name, value]) => {
    const DataType = typeof value === 'number' ? 'Number' : 'String'
    return [name, { DataType, StringValue: String(value) }]
  })
  return Object.fromEntries(entries)
}
