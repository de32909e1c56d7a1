// Addresses without what signs them: what may be recorded, logged and published of an address.

/**
 * Query parameters that prove who asks, whatever else the address says: S3, Google Cloud Storage, API keys and
 * tokens.
 */
const always =
  /^(x-(amz|goog)-.*|awsaccesskeyid|googleaccessid|sig|signature|(.*[-_.])?token|jwt|auth|authorization|password|(.*[-_.])?secret|(x[-_])?api[-_]?key|subscription[-_]key|key-pair-id)$/i

/**
 * Those that belong to a signature where there is one, and may mean anything where there is none: CloudFront's and S3's
 * old form, and the fields of an Azure SAS token
 * (https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas).
 */
const besideSignature =
  /^(expires|policy|hash-algorithm|s[vrtpsei]|ss|srt|spr|sip|sdd|scid|ses|sk(oid|tid|t|e|s|v)|s[au]oid|rsc[cdelt])$/i

/**
 * The address without signature, user name, password and fragment; other query fields stay as they are written.
 * Text that is not an http(s) URL comes back as it is.
 */
export function unsignedUrl(text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return text
  const [address, query] = splitOnce(text.replace(/#.*$/s, ''), '?')
  const bare = address.replace(/^(https?:\/\/)[^/?#]*@/i, '$1')
  if (query === undefined) return bare
  const fields = query.split('&').filter((field) => field !== '')
  const isSigned = fields.some((field) => /^(sig|signature)$/i.test(nameOf(field)))
  const kept = fields.filter((field) => {
    const name = nameOf(field)
    return !always.test(name) && !(isSigned && besideSignature.test(name))
  })
  return kept.length === 0 ? bare : `${bare}?${kept.join('&')}`
}

/** Whether an address carries what signs it. */
export function isSignedUrl(text: string): boolean {
  return unsignedUrl(text) !== text.replace(/#.*$/s, '')
}

/** Every http(s) address within a text, without what signs it. */
export function withoutSignatures(text: string): string {
  if (!/https?:\/\//i.test(text)) return text
  return text.replace(/https?:\/\/[^\s"'<>\\]+/gi, unsignedUrl)
}

/** The same of every text in a value of plain JSON; a copy comes back. */
export function unsignedJson<T>(value: T): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- texts become texts, and nothing else changes
  return strip(value) as T
}

function strip(value: unknown): unknown {
  if (typeof value === 'string') return withoutSignatures(value)
  if (Array.isArray(value)) return value.map(strip)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, strip(field)]))
}

function nameOf(field: string): string {
  const [name] = splitOnce(field, '=')
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

function splitOnce(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
