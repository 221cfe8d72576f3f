import { CID } from 'multiformats/cid'
import { fault } from './fault.ts'
import { create } from 'multiformats/hashes/digest'
import type { ModelId } from './manifest.ts'

/** Multicodecs. */
const RAW = 0x55
const DAG_CBOR = 0x71
/** Multihash code of sha-256. */
const SHA2_256 = 0x12

/** The CID of a block of a file: its bytes are the file's own. */
export const rawCid = (digest: Uint8Array): CID => CID.createV1(RAW, create(SHA2_256, digest))

/** The digest inside a model's CID: of its manifest's bytes. Throws `MALFORMED`. */
export function digestOfModel(model: ModelId): Uint8Array {
  try {
    const { digest } = CID.parse(model).multihash
    if (digest.length === 32) return digest
  } catch {
    // Not a CID.
  }
  throw fault({ code: 'MALFORMED', what: 'model id', why: 'it is not a CID of 32 bytes' })
}

/** The CID (v1, dag-cbor, sha-256, base32) of the value whose encoding has this digest, 32 bytes: of a manifest's, the model's id. */
export const cidOfDigest = (digest: Uint8Array): string => CID.createV1(DAG_CBOR, create(SHA2_256, digest)).toString()

/** As `cidOfDigest` writes them: the only way in which a model is named. */
const MODEL_ID = /^bafyrei[a-z2-7]{52}$/

export const isModelId = (text: string): boolean => MODEL_ID.test(text)
