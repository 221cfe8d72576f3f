import { CID } from 'multiformats/cid'
import { fault } from './fault.ts'
import { create } from 'multiformats/hashes/digest'

/** Multicodecs. */
const RAW = 0x55
const DAG_CBOR = 0x71
/** Multihash code of sha-256. */
const SHA2_256 = 0x12

/** The CID of a block of a file: its bytes are the file's own. */
export const rawCid = (digest: Uint8Array): CID => CID.createV1(RAW, create(SHA2_256, digest))

/** The digest inside the CID of a model or a charter: of its encoding. Throws `MALFORMED`, about `what`. */
export function digestOfCid(cid: string, what: string): Uint8Array {
  try {
    const { digest } = CID.parse(cid).multihash
    if (digest.length === 32) return digest
  } catch {
    // Not a CID.
  }
  throw fault({ code: 'MALFORMED', what, why: 'it is not a CID of 32 bytes' })
}

/** The CID (v1, dag-cbor, sha-256, base32) of the value whose encoding has this digest, 32 bytes: of a manifest's, the model's id; of a charter's, its name. */
export const cidOfDigest = (digest: Uint8Array): string => CID.createV1(DAG_CBOR, create(SHA2_256, digest)).toString()

/** As `cidOfDigest` writes them: the only way in which a model or a charter is named. */
const WRITTEN = /^bafyrei[a-z2-7]{52}$/

export const isCid = (text: string): boolean => WRITTEN.test(text)
