// Settings of this stage: variables of the shell that runs the deployment, or of its .env files.

/** One setting; empty counts as unset. */
export function setting(name: string): string | undefined {
  return process.env[name] || undefined
}

/** Where everything of this stage lies: sst.config.ts, which can import nothing, names it in the same way. */
export function stageRegion(): string {
  return setting('AWS_REGION') ?? 'us-west-2'
}

/** Entries separated by commas or whitespace. */
export function listed(name: string): string[] {
  return entriesOf(setting(name) ?? '')
}

export function entriesOf(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}

/** Whole numbers from 1, and what each is where the operator says nothing; null = not set. */
export const counts = {
  API_RATE: 10,
  API_BURST: 40,
  API_CONCURRENCY: null,
  JOBS_AT_ONCE: 5,
  /** Requests of one address within five minutes, which is how firewalls of AWS count. */
  WAF_RATE: 2000,
} as const

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the names of a constant
export const countNames = Object.keys(counts) as (keyof typeof counts)[]

/** @throws {RangeError} before anything is deployed */
export function count<Name extends keyof typeof counts>(
  name: Name,
): number | (typeof counts)[Name] {
  const text = setting(name)
  if (text === undefined) return counts[name]
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw new RangeError(`${name} must be a whole number from 1, not "${text}".`)
}

/**
 * Whether CloudFront stands in front of this part.
 *
 * @throws {RangeError} before anything is deployed
 */
export function isFronted(part: 'api' | 'files'): boolean {
  const named = listed('CLOUDFRONT')
  const unknown = named.filter((each) => each !== 'api' && each !== 'files')
  if (unknown.length === 0) return named.includes(part)
  throw new RangeError(`CLOUDFRONT may name api and files, not "${unknown.join(', ')}".`)
}
