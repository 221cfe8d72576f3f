import { openSigner } from '../../../src/adapters/webcrypto/signer.ts'
import { verifySignature } from '../../../src/adapters/webcrypto/verify.ts'
import { signerKit } from '../../kits/signer.ts'

signerKit('webcrypto in a tab', openSigner, verifySignature)
