import { X509Certificate } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generate } from 'selfsigned'

/** Days: the longest that browsers accept of any certificate is 398; a phone's "accept the risk" lasts as long. */
const LIFESPAN_DAYS = 365
/** A certificate this near its end is made anew, so that it outlives the session it is printed for. */
const RENEW_BEFORE_DAYS = 7
const DAY_MS = 86_400_000

export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** A self-signed certificate for these IP addresses and localhost, kept in `folder` and made anew when they change or it is about to expire. */
export async function lanCertificate(folder: string, addresses: readonly string[]): Promise<Certificate> {
  const kept = await readKept(folder)
  if (kept && stillServes(kept.cert, addresses)) return kept
  const pems = await generate([{ name: 'commonName', value: 'Moot on this network' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + LIFESPAN_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [{ type: 2, value: 'localhost' }, ...addresses.map((ip) => ({ type: 7 as const, ip }))],
      },
    ],
  })
  const certificate = { cert: pems.cert, key: pems.private }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(join(folder, 'https.key'), certificate.key, { mode: 0o600 })
  await writeFile(join(folder, 'https.crt'), certificate.cert)
  return certificate
}

async function readKept(folder: string): Promise<Certificate | undefined> {
  try {
    const [cert, key] = await Promise.all(
      ['https.crt', 'https.key'].map((name) => readFile(join(folder, name), 'utf8')),
    )
    return cert && key ? { cert, key } : undefined
  } catch {
    return undefined
  }
}

function stillServes(pem: string, addresses: readonly string[]): boolean {
  try {
    const certificate = new X509Certificate(pem)
    const lasts = certificate.validToDate.getTime() > Date.now() + RENEW_BEFORE_DAYS * DAY_MS
    return lasts && addresses.every((address) => certificate.checkIP(address) !== undefined)
  } catch {
    return false
  }
}
