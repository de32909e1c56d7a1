// The content of an envelope: a message, something to ignore, or something that cannot be read.

export type Message =
  | {
      readonly kind: 'body'
      readonly body: unknown
      /** Its text attributes, from SNS or SQS. */
      readonly attributes: Readonly<Record<string, string>>
      /** Whether it came by no topic and no queue, but by a call of the function itself. */
      readonly isOwn: boolean
    }
  | ObjectMessage

/** An object in S3 by its key as it is, unescaped. */
export interface ObjectMessage {
  readonly kind: 'object'
  readonly bucket: string
  readonly key: string
  /** null = the newest. */
  readonly version: string | null
}

export type Content =
  | { readonly message: Message }
  /** Needs no answer, and why. */
  | { readonly ignored: string }
  /** Cannot be read, and why. */
  | { readonly fault: string }

export interface ReceivedMessage {
  /** The SQS message that it came in, which goes back to the queue when it fails; null without a queue. */
  readonly messageId: string | null
  readonly content: Content
}
