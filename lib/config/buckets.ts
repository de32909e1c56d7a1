// Names of buckets: whatever else is read for one would be refused by the service at every request.

import type { Environment } from './environment.ts'
import type { Reader } from './readers.ts'

/**
 * Services other than AWS have had names with capitals and underscores, and Ceph has `tenant:bucket` for those of
 * another tenant than the keys': https://docs.ceph.com/en/latest/radosgw/multitenancy/
 */
const NAME = /^(\w*:)?[a-z\d][\w.-]*$/i

/** null = none */
export const readBucket: Reader<string | null> = (env, name) => {
  const given = env.text(name)
  return given === undefined ? null : check(given, name, env)
}

/** Of the own store, which finds what it has by the order of its keys. */
export const readStoreBucket: Reader<string | null> = (env, name, site) => {
  const bucket = readBucket(env, name, site)
  if (bucket?.endsWith('--x-s3') === true)
    env.refuse(`${name} is a directory bucket, which lists keys in no order: name another.`, name)
  return bucket
}

export const readBuckets: Reader<readonly string[]> = (env, name) =>
  env.list(name).map((bucket) => check(bucket, name, env))

function check(bucket: string, name: string, env: Environment): string {
  if (!NAME.test(bucket)) {
    env.refuse(
      `${name}: "${bucket}" is no name of a bucket: give it without "s3://" and without a folder, and an access point by its alias.`,
      name,
    )
  }
  return bucket
}
