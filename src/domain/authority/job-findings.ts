import { isEntry, type ReadEntry } from '../ledger/entry.ts'
import type { PeerId } from '../peer-id.ts'
import { decided, found, marked, NO_CHARTER, type Finding, type Records } from './finding.ts'
import type { Recorded } from './recorded.ts'

type Receipt = ReadEntry<'RECEIPT'>
type Proven = ReadEntry<'PROVEN'>

/** What arithmetic says of a job, and who lost by it. */
export interface Proof {
  readonly read: Proven
  readonly receipt: Receipt
  readonly losers: ReadonlySet<PeerId>
}

/** Parties that must say the same of what arithmetic showed: the evidence is with them, and one alone could write anything. */
const LEAST_SAYING = 2

/**
 * What is held of one job's end. `contest`: whether a ruling that stands upheld an objection to it. A RECEIPT is its author's word, and counts as the job of
 * its author alone; that others claim the same job takes nothing from it. What arithmetic showed counts once for each of these, where two
 * parties or more say it, and fewer say otherwise: each party's last word.
 */
export function jobFindings(
  { charterOf, consent, nameOf }: Pick<Records, 'charterOf' | 'consent' | 'nameOf'>,
  about: readonly ReadEntry[],
  isUpheld: (receipt: Receipt) => boolean,
): { readonly findings: ReadonlyMap<string, Finding>; readonly proofs: readonly Proof[] } {
  const findings = new Map<string, Finding>()
  const proofs: Proof[] = []
  const receipts = new Map<PeerId, Receipt>()
  for (const read of about) {
    if (!isEntry('RECEIPT', read)) continue
    if (receipts.has(read.author)) findings.set(read.name, marked('its author has recorded that job before'))
    else if (charterOf(read.entry.charter) === undefined) findings.set(read.name, marked(NO_CHARTER))
    else receipts.set(read.author, read)
  }
  const said = about.filter((read): read is Proven => isEntry('PROVEN', read))
  for (const receipt of receipts.values()) {
    const executors = [...new Set(receipt.entry.body.executors.map(nameOf))]
    const parties = [receipt.author, ...executors.filter((peer) => peer !== receipt.author)]
    const proof = agreed(said, parties)
    const affected = parties.map((peer) => ({ peer, grade: consent(receipt, peer) }))
    const losers = new Set(proof?.entry.body.losers.map(({ peer }) => nameOf(peer)))
    if (proof) {
      proofs.push({ read: proof, receipt, losers })
      findings.set(
        proof.name,
        found(proofOf(proof, receipt, { affected, stands: proof.entry.body.stands.map(nameOf) })),
      )
    }
    const overturned = executors.some((peer) => losers.has(peer)) || isUpheld(receipt)
    const route = routeOf(receipt)
    if (route === undefined) continue
    findings.set(
      receipt.name,
      found(
        decided(receipt, {
          kind: 'job',
          route,
          weight: affected.length,
          affected,
          overturned,
          ...(route === 'requester' ? { quota: 1, deciders: [{ peer: receipt.author, won: true }] } : {}),
          computed: route === 'agreement' && proof === undefined ? executors : [],
        }),
      ),
    )
  }
  const agreeing = proofs.map(({ read }) => wordsOf(read))
  for (const read of said)
    if (!findings.has(read.name) && !agreeing.includes(wordsOf(read)))
      findings.set(read.name, marked(receipts.size === 0 ? NOT_RECORDED : NOT_AGREED))
  return { findings, proofs }
}

const NOT_RECORDED = 'the job that it is about is not recorded here'
const NOT_AGREED = 'what arithmetic showed is said by one party alone, or by none'

/** Nothing of a contested one: what becomes of it is said by what settles it. */
function routeOf({ entry: { body } }: Receipt): Recorded['route'] | undefined {
  switch (body.state) {
    case 'one-tab':
      return body.chosen ? 'requester' : 'default'
    case 'agreed':
    case 'agreed-rounding':
    case 'agreed-gpus-only':
      return 'agreement'
    case 'contested':
      return undefined
    default:
      return body.state satisfies never
  }
}

function proofOf(
  read: Proven,
  receipt: Receipt,
  { affected, stands }: { affected: Recorded['affected']; stands: readonly PeerId[] },
): Recorded {
  const isOpen = read.entry.body.state === 'unresolved'
  return decided(read, {
    kind: 'proof',
    route: isOpen ? 'unresolved' : 'arithmetic',
    weight: affected.length,
    affected,
    touches: [receipt.author],
    unresolved: isOpen ? 'nothing-shown' : null,
    computed: isOpen ? [] : stands,
  })
}

/** What most parties say last; the first entry in causal order that says it. Undefined where too few do, or as many say two things. */
function agreed(said: readonly Proven[], parties: readonly PeerId[]): Proven | undefined {
  const last = new Map<PeerId, Proven>()
  for (const read of said) {
    const before = last.get(read.author)
    if (parties.includes(read.author) && (before === undefined || before.entry.seq < read.entry.seq))
      last.set(read.author, read)
  }
  const groups = [...Map.groupBy(last.values(), wordsOf).values()].toSorted((a, b) => b.length - a.length)
  const [most = [], next = []] = groups
  if (most.length < LEAST_SAYING || most.length === next.length) return undefined
  const voices = new Set(most)
  return said.find((read) => voices.has(read))
}

/** What it says, as text: the same for the same. */
function wordsOf({ entry: { body } }: Proven): string {
  const keys = (all: readonly Uint8Array[]) =>
    all
      .map((key) => key.join('.'))
      .toSorted()
      .join(' ')
  const losers = body.losers
    .map((loser) => `${loser.peer.join('.')} ${loser.for}`)
    .toSorted()
    .join(' ')
  return [body.state, keys(body.stands), losers].join('|')
}
