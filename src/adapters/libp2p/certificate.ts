import { createHash, X509Certificate } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TransportCertificate } from '@libp2p/webrtc'
import { generate } from 'selfsigned'

/** Years. The certificate's hash is part of the relay's address, which stands in files that nobody updates. */
const LIFESPAN_YEARS = 20
const YEAR_MS = 365.25 * 86_400_000

/** Multihash code and length of sha-256. */
const SHA_256 = Uint8Array.of(0x12, 0x20)

/**
 * The certificate of a relay's webrtc-direct, made once and kept in `folder`. libp2p can keep one itself, but renews it
 * by a timer of at most 24 days.
 */
export async function directCertificate(folder: string): Promise<TransportCertificate> {
  const [keyFile, certificateFile] = [join(folder, 'webrtc-direct.key'), join(folder, 'webrtc-direct.crt')]
  try {
    return describe(await readFile(keyFile, 'utf8'), await readFile(certificateFile, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const made = await generate([{ name: 'commonName', value: 'Moot relay' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + LIFESPAN_YEARS * YEAR_MS),
  })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(keyFile, made.private, { mode: 0o600 })
  await writeFile(certificateFile, made.cert)
  return describe(made.private, made.cert)
}

function describe(privateKey: string, pem: string): TransportCertificate {
  const digest = createHash('sha256').update(new X509Certificate(pem).raw).digest()
  return { privateKey, pem, certhash: `u${Buffer.concat([SHA_256, digest]).toString('base64url')}` }
}
