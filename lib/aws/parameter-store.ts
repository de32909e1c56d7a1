// The only door to the Parameter Store of Systems Manager.

import { GetParameterCommand, SSMClient, type SSMClientConfig } from '@aws-sdk/client-ssm'

/** The current version, deciphered. Throws what the SDK throws. */
export async function readParameter(
  Name: string,
  settings: SSMClientConfig,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  const client = new SSMClient(settings)
  try {
    const command = new GetParameterCommand({ Name, WithDecryption: true })
    const { Parameter } = await client.send(command, { abortSignal })
    return Parameter?.Value
  } finally {
    client.destroy()
  }
}
