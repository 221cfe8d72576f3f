import { describe, expect, test } from 'vitest'
import { decisionsOf } from '../../../src/domain/authority/decisions.ts'
import { factsOf, trustedBy } from '../../../src/domain/authority/facts.ts'
import { FIRST_CHARTER } from '../../../src/domain/charter/charter.ts'
import { forkOf } from '../../../src/domain/charter/fork.ts'
import { hash } from '../../../src/domain/hash.ts'
import { vouchGraph } from '../../../src/domain/trust/vouches.ts'
import { Assembly, textOf } from '../../kits/assembly.ts'

const NAMES = ['ann', 'ben', 'cat', 'dan', 'eve', 'fay', 'gus']

/** Ann vouches for Ben and Cat, both of whom vouch for Dan; Cat alone vouches for Eve; Fay for Ann. */
function room() {
  const assembly = new Assembly()
  for (const name of NAMES) assembly.sign(name)
  const vouch = (name: string, others: readonly string[]) =>
    others.forEach((other) => assembly.say(name, 'VOUCH', { peer: assembly.one(other).person.publicKey }))
  vouch('ann', ['ben', 'cat'])
  vouch('ben', ['dan', 'ann'])
  vouch('cat', ['dan', 'eve'])
  vouch('fay', ['ann'])
  const peers = (names: readonly string[]) => names.map((name) => assembly.peer(name)).toSorted()
  const facts = () => {
    const viewer = assembly.peer('ann')
    const rules = { viewer, charter: FIRST_CHARTER, verified: () => true, defaultNamed: () => undefined }
    return factsOf(assembly.ledger, decisionsOf(assembly.ledger, rules), {
      viewer,
      charter: FIRST_CHARTER,
      registry: [],
    })
  }
  return { assembly, peers, facts }
}

describe('what is known of a room', () => {
  test('trusts whom one vouches for, and whom two of these vouch for: one friend who errs brings nobody in', () => {
    const { assembly, peers, facts } = room()
    expect(trustedBy(vouchGraph(assembly.ledger), assembly.peer('ann'))).toEqual(peers(['ben', 'cat', 'dan']))
    expect(facts().trusted).toEqual(peers(['ben', 'cat', 'dan']))
    expect(facts().vouches.get(assembly.peer('dan'))).toBe(2)
  })

  test('keeps those with a vouch both ways, and those who go by a charter of the family already', () => {
    const { assembly, facts } = room()
    const executors = ['cat', 'gus'].map((name) => assembly.one(name).person.publicKey)
    const job = hash('kit', 'job')
    assembly.say('ann', 'RECEIPT', { job, state: 'agreed', executors, commitment: job, drawnFrom: 2, chosen: true })
    // Ben both ways; of Cat and Gus, who host, and of Fay, who vouches for Ann, nobody could be expected.
    expect(facts().reach).toMatchObject({ hosts: { kept: 0, of: 2 }, together: { kept: 1, of: 4 } })
    const fork = forkOf(FIRST_CHARTER, { title: 'Another' }, assembly.peer('gus'))
    assembly.say('gus', 'FORK', { document: textOf(fork) })
    expect(facts().reach).toMatchObject({ hosts: { kept: 1, of: 2 }, together: { kept: 2, of: 4 } })
    expect(facts().forks.map(({ peer }) => peer)).toEqual([assembly.peer('gus')])
    expect(facts().members).not.toContain(assembly.peer('gus'))
    expect(facts().signers).toContain(assembly.peer('gus'))
  })

  test('knows whose log began first, and who left', () => {
    const { assembly, facts } = room()
    assembly.say('eve', 'EXIT', {})
    expect(facts().exits.map(({ peer }) => peer)).toEqual([assembly.peer('eve')])
    expect(facts().seniority.toSorted()).toEqual(NAMES.map((name) => assembly.peer(name)).toSorted())
  })
})
