import type { Check, CheckedReceipt } from '../../src/domain/check-receipt.ts'
import { answers } from './fake-answers.ts'
import { digits } from './fake-models.ts'
import { idOf } from './fake-peer.ts'

const none = new Uint8Array(32)
const signed = { body: none, key: none, signature: none }
const read = { signed, digest: none, author: idOf('me') }

/** A receipt as it comes out of its checks: one of which fails, and one of which could not be made. No file is behind it. */
export const checkedReceipt: CheckedReceipt = {
  facts: {
    manifest: digits.manifest,
    offer: {
      ...read,
      message: {
        kind: 'offer',
        room: 'commons',
        charter: 'charter',
        model: digits.id,
        modelSize: 1,
        input: none,
        replication: 3,
        engine: 'any',
        lot: none,
        chain: none,
        attempt: 1,
        excluded: [],
        deadline: 60_000,
        addresses: [],
        nonce: none,
      },
    },
    receipt: {
      ...read,
      message: {
        kind: 'receipt',
        room: 'commons',
        job: none,
        model: digits.id,
        state: 'contested',
        attempt: 1,
        claims: answers.contested.claims.map(({ peer, engine }) => ({ peer, engine, output: none })),
        returned: none,
        drawnFrom: 14,
      },
    },
    accepts: [],
    claims: [],
  },
  checks: [
    { name: 'signatures', holds: true, detail: '14 signatures of 4 keys hold' },
    { name: 'draw', holds: false, detail: `those who answered are not those whom the lot seats: ${idOf('oak')}` },
    { name: 'input', holds: undefined, detail: 'the input is not in the file; its hash remains' },
  ],
}

/** The same, said to be agreed, with the outcome of a check of its own. */
export const agreedReceipt = (check: Check): CheckedReceipt => ({
  facts: {
    ...checkedReceipt.facts,
    receipt: {
      ...read,
      message: {
        ...checkedReceipt.facts.receipt.message,
        state: 'agreed',
        claims: answers.fewer.claims.map(({ peer, engine }) => ({ peer, engine, output: none })),
        drawnFrom: 2,
      },
    },
  },
  checks: [...checkedReceipt.checks.filter(({ name }) => name !== 'draw'), check],
})
