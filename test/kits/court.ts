import { cidOf, FIRST_CHARTER, type Charter } from '../../src/domain/charter/charter.ts'
import { digestOfCid } from '../../src/domain/cids.ts'
import { signingBytes, type Signed } from '../../src/domain/envelope.ts'
import { chainHead, chainLink } from '../../src/domain/hash-chain.ts'
import { hash, hex } from '../../src/domain/hash.ts'
import { isSeated } from '../../src/domain/jury/bench.ts'
import { caseOf, type Case } from '../../src/domain/jury/case.ts'
import { dutiesOf, type Duty } from '../../src/domain/jury/due.ts'
import type { Level } from '../../src/domain/jury/level.ts'
import { signedIn } from '../../src/domain/jury/terms.ts'
import { commitToVote } from '../../src/domain/jury/votes.ts'
import { nextEntry, unseenHeads } from '../../src/domain/ledger/append.ts'
import {
  encodeEntry,
  MAX_SEEN,
  readEntry,
  type BodyOf,
  type ContestClass,
  type Entry,
  type EntryType,
  type ReadEntry,
  type Vote,
} from '../../src/domain/ledger/entry.ts'
import { Ledger } from '../../src/domain/ledger/ledger.ts'
import { jobIdOf } from '../../src/domain/lot.ts'
import type { MessageOf } from '../../src/domain/messages.ts'
import type { PeerId } from '../../src/domain/peer-id.ts'
import { person, verifyWithNode, type Person } from './keys.ts'

/** Links of a chain, as peers make them. */
const LENGTH = 8

/** A job as its parties hold it. */
export interface CourtJob {
  readonly id: Uint8Array
  readonly terms: NonNullable<BodyOf<'CONTEST'>['terms']>
  readonly nonce: Uint8Array
}

export interface CourtInit {
  readonly jury?: Partial<Charter['jury']>
  readonly charter?: Partial<Charter>
}

/** A room of people with real keys and logs, who vouch for each other, hold jobs, contest them and sit on juries. */
export class Court {
  readonly charter: Charter
  readonly digest: Uint8Array
  readonly ledger = new Ledger(hash('kit', 'court').slice(0, 16))
  /** Every entry, in the order in which it was written. */
  readonly written: ReadEntry[] = []
  readonly #people = new Map<string, Person>()
  readonly #byId = new Map<PeerId, Person>()
  #jobs = 0

  constructor(names: readonly string[], { jury = {}, charter = {} }: CourtInit = {}) {
    this.charter = { ...FIRST_CHARTER, ...charter, jury: { ...FIRST_CHARTER.jury, ...jury } }
    this.digest = digestOfCid(cidOf(this.charter), 'charter')
    for (const name of names) this.join(name)
  }

  join(name: string, { signs = true } = {}): Person {
    const one = person(name)
    this.#people.set(name, one)
    this.#byId.set(one.peer, one)
    this.tell(name, 'KEY', { build: 'kit' }, [])
    if (signs) this.tell(name, 'CONSENT', { grade: 'clicked' }, [])
    return one
  }

  who(name: string): Person {
    const found = this.#people.get(name) ?? this.#byId.get(name)
    if (found === undefined) throw new Error(`nobody is called ${name}`)
    return found
  }

  nameOf = (peer: PeerId): string => this.who(peer).name

  /** Says something, knowing all that is in the ledger. */
  say<T extends EntryType>(name: string, type: T, body: BodyOf<T>): ReadEntry<T> {
    const { peer } = this.who(name)
    for (let heads = unseenHeads(this.ledger, peer); heads.length > MAX_SEEN; heads = unseenHeads(this.ledger, peer)) {
      const body = { heads: heads.map(({ id }) => id), entries: this.ledger.size, root: this.ledger.root() }
      this.tell(name, 'CHECKPOINT', body)
    }
    return this.write(name, nextEntry(this.ledger, peer, { charter: this.digest, type, body }) as Entry) as ReadEntry<T>
  }

  /** Says something, having seen these alone beside its own log. */
  tell<T extends EntryType>(name: string, type: T, body: BodyOf<T>, seen: readonly ReadEntry[] = []): ReadEntry<T> {
    const last = this.ledger.head(this.who(name).peer)
    return this.write(name, {
      room: this.ledger.room,
      seq: last ? last.entry.seq + 1 : 0,
      ...(last ? { prev: last.id } : {}),
      seen: seen.map(({ id }) => id),
      charter: this.digest,
      type,
      body,
    } as unknown as Entry) as ReadEntry<T>
  }

  write(name: string, entry: Entry): ReadEntry {
    const read = readEntry(this.who(name).signBody(encodeEntry(entry)))
    const taken = this.ledger.take(read)
    if (taken.kind !== 'added') throw new Error(`the ledger answers ${taken.kind}`)
    this.written.push(read)
    return read
  }

  /** Each of some vouches for each of others, itself apart. */
  vouch(names: readonly string[], others: readonly string[]): void {
    for (const name of names)
      for (const other of others) if (other !== name) this.tell(name, 'VOUCH', { peer: this.who(other).publicKey })
  }

  /** A job that these answered, each claiming what its letter says: equal letters are equal outputs, and the first is returned. */
  job(requester: string, executors: readonly string[], claims: readonly string[] = executors.map(() => 'a')): CourtJob {
    const nonce = hash('kit', 'nonce', this.#jobs++)
    const head = this.ledger.head(this.who(requester).peer)
    const offer = this.who(requester).say({
      kind: 'offer',
      room: hex(this.ledger.room),
      charter: cidOf(this.charter),
      model: 'model',
      modelSize: 1,
      input: hash('kit', 'input'),
      replication: executors.length,
      engine: 'any',
      lot: hash('kit', 'lot'),
      chain: chainHead(chainSecret(requester), nonce, LENGTH),
      ...(head ? { ledger: head.id } : {}),
      attempt: 1,
      excluded: [],
      deadline: 60_000,
      addresses: [],
      nonce,
    })
    const accept = (name: string) =>
      this.who(name).say({
        kind: 'accept',
        offer: offer.digest,
        engine: 'cpu',
        build: 'kit',
        wasm: hash('kit', 'wasm'),
        chain: chainHead(chainSecret(name), nonce, LENGTH),
        nonce: hash('kit', 'accept', name),
      })
    const accepts = executors.map(accept)
    const others = [accept(requester).digest]
    const id = jobIdOf(offer.digest, [...accepts.map(({ digest }) => digest), ...others])
    const outputs = claims.map((letter) => hash('kit', 'output', letter))
    const receipt: MessageOf<'receipt'> = {
      kind: 'receipt',
      room: hex(this.ledger.room),
      job: id,
      model: 'model',
      state: 'contested',
      attempt: 1,
      claims: executors.map((name, i) => ({
        peer: this.who(name).peer,
        engine: 'cpu' as const,
        output: outputs[i]!,
      })),
      returned: outputs[0]!,
      drawnFrom: executors.length + 1,
    }
    const terms = {
      offer: offer.signed,
      receipt: this.who(requester).say(receipt).signed,
      accepts: accepts.map(({ signed }) => signed),
      others,
    }
    return { id, terms, nonce }
  }

  contest(name: string, { id, terms }: CourtJob, about: ContestClass = 'quality'): ReadEntry<'CONTEST'> {
    return this.say(name, 'CONTEST', { job: id, class: about, claim: 'It is a bad answer.', terms })
  }

  linkBody(name: string, { nonce }: CourtJob, contest: ReadEntry, level: number): BodyOf<'OPEN_LINK'> {
    return { contest: contest.id, level, link: chainLink(chainSecret(name), nonce, LENGTH, level + 1) }
  }

  open(names: readonly string[], job: CourtJob, contest: ReadEntry, level = 0): ReadEntry<'OPEN_LINK'>[] {
    return names.map((name) => this.say(name, 'OPEN_LINK', this.linkBody(name, job, contest, level)))
  }

  summon(name: string, contest: ReadEntry, links: readonly ReadEntry[], level = 0): ReadEntry<'SUMMON'> {
    return this.say(name, 'SUMMON', { contest: contest.id, level, links: links.map(({ id }) => id) })
  }

  case(contest: ReadEntry<'CONTEST'>, ledger = this.ledger): Case {
    return caseOf(ledger, contest, this.charter, { verified: () => true })
  }

  /** The last level of a case. */
  level(contest: ReadEntry<'CONTEST'>): Level {
    return this.case(contest).levels.at(-1)!
  }

  /** Names of those who hold a seat. */
  seated(contest: ReadEntry<'CONTEST'>): string[] {
    return this.level(contest)
      .seats.filter(isSeated)
      .map((seat) => this.nameOf(seat.peer))
  }

  serve(name: string, summons: ReadEntry, serves = true): ReadEntry<'SERVE'> {
    return this.say(name, 'SERVE', { summon: summons.id, serves })
  }

  commitBody(name: string, summons: ReadEntry, vote: Vote): BodyOf<'VOTE_COMMIT'> {
    const { publicKey: key } = this.who(name)
    return { summon: summons.id, commitment: commitToVote({ summon: summons.id, key, vote, salt: saltOf(name) }) }
  }

  commit(name: string, summons: ReadEntry, vote: Vote): ReadEntry<'VOTE_COMMIT'> {
    return this.say(name, 'VOTE_COMMIT', this.commitBody(name, summons, vote))
  }

  revealBody = (name: string, summons: ReadEntry, vote: Vote): BodyOf<'VOTE_REVEAL'> => ({
    summon: summons.id,
    vote,
    salt: saltOf(name),
    reason: 'I looked at it.',
  })

  reveal(name: string, summons: ReadEntry, vote: Vote): ReadEntry<'VOTE_REVEAL'> {
    return this.say(name, 'VOTE_REVEAL', this.revealBody(name, summons, vote))
  }

  /** All who hold a seat serve, vote so and show it. */
  votes(contest: ReadEntry<'CONTEST'>, votes: readonly Vote[]): void {
    const summons = this.level(contest).jury!.docket.summons
    const names = this.seated(contest)
    for (const name of names) this.serve(name, summons)
    for (const [i, name] of names.entries()) this.commit(name, summons, votes[i]!)
    for (const [i, name] of names.entries()) this.reveal(name, summons, votes[i]!)
  }

  noshow(
    names: readonly string[],
    summons: ReadEntry,
    missing: string,
    why: BodyOf<'NOSHOW'>['why'],
  ): ReadEntry<'NOSHOW'>[] {
    return names.map((name) => this.say(name, 'NOSHOW', { summon: summons.id, peer: this.who(missing).publicKey, why }))
  }

  duties(
    name: string,
    contest: ReadEntry<'CONTEST'>,
    facts: Partial<Parameters<typeof dutiesOf>[2]> = {},
  ): readonly Duty[] {
    const all = { me: this.who(name).peer, waited: () => Number.MAX_SAFE_INTEGER, proven: () => false, ...facts }
    return dutiesOf(this.ledger, this.case(contest), all)
  }

  /** The ruling that follows, as this one would write it. */
  rulingBody(name: string, contest: ReadEntry<'CONTEST'>): BodyOf<'RULING'> {
    const duty = this.duties(name, contest).find(({ kind }) => kind === 'rule')
    if (duty?.kind !== 'rule') throw new Error('nothing follows yet')
    return duty.body
  }

  rule(name: string, contest: ReadEntry<'CONTEST'>): ReadEntry<'RULING'> {
    return this.say(name, 'RULING', this.rulingBody(name, contest))
  }

  appeal(name: string, ruling: ReadEntry): ReadEntry<'APPEAL'> {
    return this.say(name, 'APPEAL', { ruling: ruling.id })
  }

  /** Says of which signatures inside a contest that they hold. */
  async verify(contest: ReadEntry<'CONTEST'>): Promise<(signed: Signed) => boolean> {
    const all = signedIn(contest)
    const valid = await Promise.all(
      all.map(({ key, body, signature }) => verifyWithNode(key, signingBytes(body), signature)),
    )
    const good = new Set(all.filter((_, i) => valid[i]).map(({ signature }) => hex(signature)))
    return ({ signature }) => good.has(hex(signature))
  }
}

const chainSecret = (name: string): Uint8Array => hash('kit', 'chain', name)
const saltOf = (name: string): Uint8Array => hash('kit', 'salt', name)

/** `n` names that begin alike. */
export const crowd = (n: number, prefix = 'juror'): string[] =>
  Array.from({ length: n }, (_, i) => `${prefix}-${String(i).padStart(2, '0')}`)

/** Ann asks, Ben, Cat and Dan answer; the four know all the others, who know each other a little. */
export function courtOfFour(jurors: number, init: CourtInit = {}): { court: Court; jurors: string[] } {
  const names = crowd(jurors)
  const court = new Court(['ann', 'ben', 'cat', 'dan', ...names], init)
  court.vouch(['ann', 'ben', 'cat', 'dan'], names)
  court.say('ann', 'DEFAULT_SET', { key: 'note', value: 'Ann has seen all of it.' })
  return { court, jurors: names }
}
