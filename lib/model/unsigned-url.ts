// Addresses without what signs them: what may be recorded, logged and published of an address.

/**
 * How names of fields end that prove who asks, whatever else the address says: tokens, keys and passwords, the
 * signatures of S3 and what resembles it. Names are compared word by word, whichever way they are joined.
 */
const secretEnds = [
  'token, jwt, auth, authorization, bearer, credential, credentials, sas, ticket, hmac',
  'password, passwd, pwd, secret, sig, sign, signature',
  'apikey, api key, subscription key, access key, accesskey, key pair id',
  'access key id, accesskeyid, access id, connectid',
  'session, session id, sessionid, jsessionid, phpsessid',
].flatMap((ends) => ends.split(',').map((end) => ` ${end.trim()}`))

/** All fields of a signature in the header's stead: S3, Google, Aliyun, Tencent and Huawei, each by its own prefix. */
const signing =
  /^(x-(amz|goog)-.*|x-(oss|cos|obs)-(signature-version|date|expires|additional-headers)|q-(ak|sign-algorithm|sign-time|key-time|header-list|url-param-list))$/i

/**
 * Those that belong to a signature where there is one, and may mean anything where there is none: CloudFront's and S3's
 * old form, and the fields of an Azure SAS token
 * (https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas).
 */
const besideSignature =
  /^(expires|policy|hash-algorithm|s[vrtpsei]|ss|srt|spr|sip|sdd|scid|ses|sk(oid|tid|t|e|s|v)|s[au]oid|rsc[cdelt])$/i

/** A flight's or a day's: nobody's key is a number of four digits. */
const numbered = /^([^=]*[^a-z])?session=\d{1,4}$/i

function isSecret(name: string): boolean {
  if (signing.test(name)) return true
  const parted = name.replace(/([a-z\d])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$2 ')
  const told = ` ${parted
    .replace(/[^a-z\d]+/gi, ' ')
    .trim()
    .toLowerCase()}`
  return secretEnds.some((end) => told.endsWith(end))
}

/**
 * The address without signature, user name, password and fragment; other query fields stay as they are written, and so
 * does an address among them, which loses its own signature. Of any other address, user name and password go.
 */
export function unsignedUrl(text: string): string {
  return unsigned(text, 0)
}

/** Addresses in addresses in addresses: what lies deeper is nobody's file, and goes. */
const MOST_LEVELS = 4
/** Links of this API have its own queries, which are as long as 16 KiB of headers, and longer once they are escaped. */
const MOST_LETTERS = 64 * 1024

function unsigned(text: string, level: number): string {
  if (!/^https?:\/\//i.test(text)) {
    return /^[a-z][a-z0-9+.-]*:/i.test(text) ? withoutUser(text) : unsignedWithin(text, level)
  }
  if (!URL.canParse(text)) return text
  const [address, query] = splitOnce(text.replace(/#.*$/s, ''), '?')
  const known = withoutUser(address)
  // No server takes an address of that length: nothing of it is read, and its fields tell nobody anything.
  if (text.length > MOST_LETTERS) return splitOnce(known, ';')[0]
  const bare = withoutSecretParts(known)
  if (query === undefined || level === MOST_LEVELS) return bare
  const fields = query.split('&').filter((field) => field !== '')
  const isSigned = fields.some((field) => /^(sig|signature)$/i.test(nameOf(field)))
  const kept = fields.filter((field) => {
    const name = nameOf(field)
    const isTold = isSecret(name) && !numbered.test(field)
    return !isTold && !(isSigned && besideSignature.test(name))
  })
  const rest = kept.map((field) => withUnsignedValue(withoutSecretParts(field), level + 1))
  return rest.length === 0 ? bare : `${bare}?${rest.join('&')}`
}

function withoutUser(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1')
}

/** `;jsessionid=…` of a path, and fields that are parted by semicolons. */
function withoutSecretParts(text: string): string {
  if (!text.includes(';')) return text
  return text.replace(/;([^=/;]+)=[^/;]*/g, (part, name: string) => (isSecret(name) ? '' : part))
}

/** `url=https%3A%2F%2F…` */
function withUnsignedValue(field: string, level: number): string {
  const [name, value = ''] = splitOnce(field, '=')
  if (/^https?:\/\//i.test(value)) return `${name}=${unsigned(value, level)}`
  const inner = /^https?%3a%2f%2f/i.test(value) ? decoded(value) : value
  const plain = unsigned(inner, level)
  return plain === inner ? field : `${name}=${encodeURIComponent(plain)}`
}

/** Whether an address carries what signs it. */
export function isSignedUrl(text: string): boolean {
  return unsignedUrl(text) !== text.replace(/#.*$/s, '')
}

/** Every http(s) address within a text, without what signs it; of any other address without user and password. */
export function withoutSignatures(text: string): string {
  return unsignedWithin(text, 0)
}

function unsignedWithin(text: string, level: number): string {
  if (!text.includes('://')) return text
  return text
    .replace(/:\/\/[^\s/?#"'<>\\]*@/g, '://')
    .replace(/https?:\/\/[^\s"'<>\\]+/gi, (address) => unsigned(address, level))
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
  // As HTML has it, where an address was copied from a page.
  return decoded(name).replace(/^amp;/, '')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function splitOnce(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
