// The only door to Secrets Manager.

import {
  GetSecretValueCommand,
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from '@aws-sdk/client-secrets-manager'

/** The current version; undefined for a binary one. Throws what the SDK throws. */
export async function readSecret(
  SecretId: string,
  settings: SecretsManagerClientConfig,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  const client = new SecretsManagerClient(settings)
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }), {
      abortSignal,
    })
    return SecretString
  } finally {
    client.destroy()
  }
}
