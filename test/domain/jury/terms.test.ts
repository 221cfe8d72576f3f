import { describe, expect, test } from 'vitest'
import { FIRST_CHARTER } from '../../../src/domain/charter/charter.ts'
import { hash } from '../../../src/domain/hash.ts'
import { caseOf, whyNoCase } from '../../../src/domain/jury/case.ts'
import { readTerms } from '../../../src/domain/jury/terms.ts'
import type { BodyOf, ReadEntry } from '../../../src/domain/ledger/entry.ts'
import { jobIdOf } from '../../../src/domain/lot.ts'
import { readAs, type MessageOf } from '../../../src/domain/messages.ts'
import { Court, type CourtJob } from '../../kits/court.ts'

const names = ['ann', 'ben', 'cat', 'dan', 'eve']
type Terms = NonNullable<BodyOf<'CONTEST'>['terms']>

const room = () => {
  const court = new Court(names)
  return { court, job: court.job('ann', ['ben', 'cat', 'dan']) }
}
const contestWith = (court: Court, { id, terms }: CourtJob, changed: Partial<Terms>, by = 'ann') =>
  court.say(by, 'CONTEST', { job: id, class: 'quality', claim: 'Bad.', terms: { ...terms, ...changed } })
const why = (court: Court, contest: ReadEntry<'CONTEST'>) => whyNoCase(contest, court.charter, () => true)
/** The receipt of a job, saying something else. */
const receiptWith = (court: Court, { terms }: CourtJob, changed: Partial<MessageOf<'receipt'>>, by = 'ann') =>
  court.who(by).say({ ...readAs('receipt', terms.receipt).message, ...changed }).signed

describe('the terms of a contest', () => {
  test('are all that a draw takes: parties, their chains, the charter, the root', async () => {
    const { court, job } = room()
    const contest = court.contest('cat', job)
    expect(whyNoCase(contest, court.charter, await court.verify(contest))).toBeUndefined()
    const terms = readTerms(contest)
    expect(terms.parties.map(court.nameOf)).toEqual(['ann', 'ben', 'cat', 'dan'])
    expect([...terms.chains.keys()].map(court.nameOf)).toEqual(['ann', 'ben', 'cat', 'dan'])
    expect(terms.charter).toEqual(court.digest)
    expect(court.ledger.get(Buffer.from(terms.root!).toString('hex'))?.author).toBe(court.who('ann').peer)
  })

  test('a signature inside that does not hold is none', async () => {
    const { court, job } = room()
    const [first, ...others] = job.terms.accepts
    const forged = { ...first!, signature: new Uint8Array(64) }
    const contest = contestWith(court, job, { accepts: [forged, ...others] })
    expect(whyNoCase(contest, court.charter, await court.verify(contest))).toBe('a signature inside it does not hold')
  })

  test('arithmetic has no jury, and nothing is drawn without terms', () => {
    const { court, job } = room()
    expect(why(court, court.contest('ann', job, 'arithmetic'))).toBe('arithmetic has no jury')
    const bare = court.say('ann', 'CONTEST', { job: job.id, class: 'rule', claim: 'Bad.' })
    expect(why(court, bare)).toBe('it has no terms')
    expect(() => caseOf(court.ledger, bare, court.charter, { verified: () => true })).toThrowError(
      expect.objectContaining({ fault: expect.objectContaining({ code: 'MALFORMED' }) }),
    )
  })

  test('a bystander contests nothing', () => {
    const { court, job } = room()
    expect(why(court, court.contest('eve', job))).toBe('its author is no party')
  })

  test('another job, other accepts or an accept for another offer are not its terms', () => {
    const { court, job } = room()
    const other = court.job('ann', ['ben', 'cat', 'dan'])
    const isOther = 'it is about another job than its terms'
    expect(why(court, contestWith(court, { ...job, id: other.id }, {}))).toBe(isOther)
    expect(why(court, contestWith(court, job, { others: [] }))).toBe(isOther)
    expect(why(court, contestWith(court, job, { receipt: other.terms.receipt }))).toBe(isOther)
    expect(why(court, contestWith(court, job, { accepts: other.terms.accepts }))).toBe('an accept is for another offer')
    expect(why(court, contestWith(court, job, { accepts: [job.terms.receipt] }))).toBe('it is of kind receipt')
  })

  test('an executor who is left out of the accepts, or listed twice, voids them', () => {
    const { court, job } = room()
    const [ben, cat, dan] = job.terms.accepts
    const digest = readAs('accept', dan!).digest
    const short = contestWith(court, job, { accepts: [ben!, cat!], others: [...job.terms.others, digest] })
    expect(why(court, short)).toBe('its accepts are not those of the executors')
    const { claims } = readAs('receipt', job.terms.receipt).message
    const twice = receiptWith(court, job, { claims: [...claims, claims[0]!] })
    expect(why(court, contestWith(court, job, { receipt: twice }))).toBe('a party stands there twice')
  })

  test('a receipt by somebody else, of another room or with other counts is not its receipt', () => {
    const { court, job } = room()
    const of = (receipt: Terms['receipt']) => why(court, contestWith(court, job, { receipt }))
    expect(of(receiptWith(court, job, {}, 'ben'))).toBe('the receipt is not by the requester')
    expect(of(receiptWith(court, job, { room: 'elsewhere' }))).toBe('the receipt is for another offer')
    expect(of(receiptWith(court, job, { drawnFrom: 9 }))).toBe('the receipt counts other accepts')
    expect(of(receiptWith(court, job, { job: hash('kit', 'other') }))).toBe('it is about another job than its terms')
  })

  test('a job of another room is not contested in this one', () => {
    const { court, job } = room()
    const offer = readAs('offer', job.terms.offer).message
    const elsewhere = court.who('ann').say({ ...offer, room: 'ff'.repeat(16) })
    const accept = (name: string) =>
      court.who(name).say({ ...readAs('accept', job.terms.accepts[0]!).message, offer: elsewhere.digest })
    const accepts = ['ben', 'cat', 'dan'].map(accept)
    const id = jobIdOf(
      elsewhere.digest,
      accepts.map(({ digest }) => digest),
    )
    const receipt = receiptWith(court, job, { job: id, drawnFrom: 3, room: 'ff'.repeat(16) })
    const terms = { offer: elsewhere.signed, receipt, accepts: accepts.map(({ signed }) => signed), others: [] }
    expect(why(court, contestWith(court, { ...job, id }, terms))).toBe('the job was in another room')
  })

  test('who asks itself has nobody to contest with', () => {
    const court = new Court(names)
    expect(why(court, court.contest('ann', court.job('ann', ['ann'])))).toBe('a party stands there twice')
  })

  test('a case is under the charter of the job, whatever its author goes by now', () => {
    const { court, job } = room()
    const contest = court.contest('ann', job)
    expect(whyNoCase(contest, { ...FIRST_CHARTER, version: 2 }, () => true)).toBe('it is under another charter')
    const other = new Court(names, { charter: { version: 2 } })
    expect(why(other, other.contest('ann', job))).toBe('the job was under another charter')
  })
})
