// One connection to a bucket, made on first use, whose failures are told in our words.

import { once } from '../../async/once.ts'
import type { S3Config } from '../../config/config.ts'
import { GreenprintError } from '../../errors.ts'
import { connectS3, type S3Connection } from './s3-client.ts'
import { explainS3Failure } from './s3-failure.ts'

export class S3Session {
  readonly #config: S3Config
  readonly #connect = once(() => (this.#opened = connectS3(this.#config)))
  #opened: Promise<S3Connection> | null = null

  /** @throws {GreenprintError} `invalid_configuration` for an endpoint without keys */
  constructor(config: S3Config) {
    if (config.endpoint !== undefined && config.credentials === undefined) {
      throw new GreenprintError(
        'invalid_configuration',
        'S3_ENDPOINT needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY: a role’s credentials are never sent to another service.',
      )
    }
    this.#config = config
  }

  /** @throws {GreenprintError} `store_failed`, and what `act` throws of ours, a RangeError among it */
  async run<T>(signal: AbortSignal, act: (open: S3Connection) => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    try {
      return await act(await this.#connect())
    } catch (error) {
      signal.throwIfAborted()
      // The latter is of a file that was not as long as it said: no word of the service.
      const isOurs = error instanceof GreenprintError || error instanceof RangeError
      throw isOurs ? error : explainS3Failure(error, this.#config)
    }
  }

  /** Lets go of idle connections, those of a client that is still being made too. */
  async close(): Promise<void> {
    const open = await this.#opened?.catch(() => null)
    open?.client.destroy()
  }
}
