// A small SQS and SNS on loopback: takes messages, and keeps them for who looks.

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface SqsSnsStub {
  readonly endpoint: string
  /** Bodies of the messages that were sent to queues, in order. */
  readonly sent: string[]
  /** What was published to topics, in order. */
  readonly published: { readonly topic: string; readonly message: string }[]
  stop(): Promise<void>
}

export async function startSqsSnsStub(): Promise<SqsSnsStub> {
  const sent: string[] = []
  const published: SqsSnsStub['published'] = []
  const server = createServer((request, response) => void answer(request, response))
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request)
    // SQS speaks JSON and names the action in a header; SNS takes a form and answers in XML.
    const action = request.headers['x-amz-target']
    if (action !== undefined) {
      const { MessageBody = '' }: { MessageBody?: string } = JSON.parse(body)
      if (action === 'AmazonSQS.SendMessage') sent.push(MessageBody)
      response.setHeader('content-type', 'application/x-amz-json-1.0')
      // The SDK compares it.
      const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex')
      response.end(JSON.stringify({ MessageId: `message-${sent.length}`, MD5OfMessageBody }))
      return
    }
    const form = new URLSearchParams(body)
    if (form.get('Action') !== 'Publish') response.statusCode = 400
    else published.push({ topic: form.get('TopicArn') ?? '', message: form.get('Message') ?? '' })
    const result = '<PublishResult><MessageId>1</MessageId></PublishResult>'
    response.setHeader('content-type', 'text/xml')
    response.end(`<PublishResponse>${result}</PublishResponse>`)
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only a pipe's address is a string
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    sent,
    published,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
