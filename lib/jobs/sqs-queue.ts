// The only door to SQS: a queue by its URL, with the function's own role.

import type * as Sdk from '@aws-sdk/client-sqs'
import { once } from '../async/once.ts'
import { adviceOnDenied } from '../aws/denied-right.ts'
import { describeError, GreenprintError } from '../errors.ts'
import type { PolledQueue } from './consume-queue.ts'
import type { QueueRecord } from './deliveries.ts'
import { HIDDEN_MS, type JobQueue } from './queue.ts'

interface Connection {
  /** The module, with its commands. */
  readonly sdk: typeof Sdk
  readonly client: Sdk.SQSClient
}

/** @param region used when the URL does not contain one */
export function createSqsQueue(QueueUrl: string, region: string): JobQueue & PolledQueue {
  const connected = once(() => connect(new URL(QueueUrl).origin, regionOf(QueueUrl) ?? region))
  async function guard<T>(
    action: string,
    signal: AbortSignal,
    act: (open: Connection) => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted()
    try {
      return await act(await connected())
    } catch (cause) {
      signal.throwIfAborted()
      const name = nameOf(QueueUrl)
      const reason = adviceOnDenied(cause, action, `the queue ${name}`) ?? describeError(cause)
      const message = `The queue ${name} did not take the request: ${reason}.`
      throw new GreenprintError('queue_failed', message, { cause })
    }
  }
  return {
    send: (message, abortSignal) =>
      guard('sqs:SendMessage', abortSignal, async ({ sdk, client }) => {
        const command = new sdk.SendMessageCommand({
          QueueUrl,
          MessageBody: JSON.stringify(message),
        })
        await client.send(command, { abortSignal })
      }),
    postpone: (ReceiptHandle, ms, abortSignal) =>
      guard('sqs:ChangeMessageVisibility', abortSignal, async ({ sdk, client }) => {
        const VisibilityTimeout = Math.ceil(ms / 1000)
        const command = new sdk.ChangeMessageVisibilityCommand({
          QueueUrl,
          ReceiptHandle,
          VisibilityTimeout,
        })
        await client.send(command, { abortSignal })
      }),
    receive: (abortSignal) =>
      guard('sqs:ReceiveMessage', abortSignal, async ({ sdk, client }) => {
        const command = new sdk.ReceiveMessageCommand({
          QueueUrl,
          WaitTimeSeconds: WAIT_S,
          // What is on its way to a process that ends meanwhile is delivered again as soon as what it works on.
          VisibilityTimeout: HIDDEN_MS / 1000,
          MessageSystemAttributeNames: ['ApproximateReceiveCount', 'AWSTraceHeader'],
        })
        const { Messages = [] } = await client.send(command, { abortSignal })
        return readMessage(Messages[0])
      }),
    remove: (ReceiptHandle, abortSignal) =>
      guard('sqs:DeleteMessage', abortSignal, async ({ sdk, client }) => {
        const command = new sdk.DeleteMessageCommand({ QueueUrl, ReceiptHandle })
        await client.send(command, { abortSignal })
      }),
  }
}

/** How long a call waits for a message: less than the socket's own time-out. */
const WAIT_S = 8

function readMessage(message: Sdk.Message | undefined): QueueRecord | null {
  if (message === undefined) return null
  const { MessageId = '', ReceiptHandle = '', Body = '', Attributes = {} } = message
  const { ApproximateReceiveCount = '1', AWSTraceHeader } = Attributes
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: { ApproximateReceiveCount, AWSTraceHeader },
  }
}

/** Loads the SDK, which takes about 40 ms: only functions that queue jobs pay for it. */
async function connect(endpoint: string, region: string): Promise<Connection> {
  const sdk = await import('@aws-sdk/client-sqs')
  const requestHandler = { connectionTimeout: 3_000, socketTimeout: 10_000 }
  return { sdk, client: new sdk.SQSClient({ endpoint, region, maxAttempts: 3, requestHandler }) }
}

function regionOf(url: string): string | undefined {
  return /^sqs\.([a-z0-9-]+)\.amazonaws\./.exec(new URL(url).hostname)?.[1]
}

/** Without the account number, which does not belong into messages. */
function nameOf(url: string): string {
  return new URL(url).pathname.split('/').at(-1) ?? ''
}
