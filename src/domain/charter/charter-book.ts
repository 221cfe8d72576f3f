import { encode } from '@ipld/dag-cbor'
import { MootError } from '../fault.ts'
import type { ReadEntry } from '../ledger/entry.ts'
import type { LedgerView } from '../ledger/ledger-view.ts'
import type { PeerId } from '../peer-id.ts'
import { charterIdOf, readCharter } from './charter-document.ts'
import { CHARTERS, type Charter } from './charter.ts'
import { countMembers, NO_MEMBERS, sumOf, turnsByPeer, type Turns } from './members.ts'

/** Charters that are known, beside those that come with the app: more than one compares. */
export const MAX_BOOK = 256
/** Bytes of their documents: charters as they are written take 1 to 4 KB. */
const MAX_BOOK_BYTES = 1 << 20
/** Documents of one key that are looked at, its newest: so that nobody fills the book alone. */
const MAX_OF_AUTHOR = 8
/** Documents that are looked at in all, whether or not they are charters. */
const MAX_LOOKED_AT = 4 * MAX_BOOK

/** A charter that is known here. */
export interface Known {
  /** Its CID. */
  readonly id: string
  readonly charter: Charter
  /** The bytes that its CID names. */
  readonly document: Uint8Array
  /** The FORK or the PROPOSE with its text, else the first CONSENT that has it; absent of one that comes with the app. */
  readonly entry?: Carrier
}

/** An entry that has a charter's text. */
export type Carrier = ReadEntry<'CONSENT'> | ReadEntry<'FORK'> | ReadEntry<'PROPOSE'>

/** Known charters, by CID. */
export type CharterBook = ReadonlyMap<string, Known>

/** Those that come with the app, the one in use last. */
export const SHIPPED_CHARTERS: CharterBook = new Map(
  CHARTERS.map((charter) => {
    const document = encode(charter)
    const id = charterIdOf(document)
    return [id, { id, charter, document }]
  }),
)

/**
 * Every charter whose text is in the records, and those that come with the app. Where there are too many, those by which the most peers
 * go stay, then those that were forked, proposed or signed first.
 */
export function charterBook(ledger: LedgerView, turns: Turns = turnsByPeer(ledger)): CharterBook {
  const book = new Map(SHIPPED_CHARTERS)
  const members = countMembers(turns)
  const membersOf = (id: string) => sumOf(members.get(id) ?? NO_MEMBERS)
  const texts = textsIn(ledger).toSorted((a, b) => membersOf(b.id) - membersOf(a.id))
  let bytes = 0
  for (const { id, document, entry } of texts.slice(0, MAX_LOOKED_AT)) {
    if (book.has(id)) continue
    if (book.size >= MAX_BOOK + SHIPPED_CHARTERS.size || bytes + document.length > MAX_BOOK_BYTES) break
    const charter = readOrNone(document)
    if (charter === undefined) continue
    bytes += document.length
    book.set(id, { id, charter, document, entry })
  }
  return book
}

/** Texts, each once: those of FORKs, of PROPOSEs and of CONSENTs, each in causal order. Only few of one author are looked at. */
function textsIn(ledger: LedgerView): readonly { id: string; document: Uint8Array; entry: Carrier }[] {
  const carriers: readonly Carrier[] = [...ledger.of('FORK'), ...ledger.of('PROPOSE'), ...ledger.of('CONSENT')]
  const looked = new Map<PeerId, number>()
  const newestFirst = carriers.toSorted((a, b) => b.entry.seq - a.entry.seq)
  const few = newestFirst.filter(({ author, entry: { body } }) => {
    const before = looked.get(author) ?? 0
    if (body.document === undefined || before >= MAX_OF_AUTHOR) return false
    looked.set(author, before + 1)
    return true
  })
  const kept = new Set(few.map(({ name }) => name))
  const texts = new Map<string, { id: string; document: Uint8Array; entry: Carrier }>()
  for (const entry of carriers) {
    const { document } = entry.entry.body
    if (document === undefined || !kept.has(entry.name)) continue
    const id = charterIdOf(document)
    if (!texts.has(id)) texts.set(id, { id, document, entry })
  }
  return [...texts.values()]
}

function readOrNone(document: Uint8Array): Charter | undefined {
  try {
    return readCharter(document)
  } catch (error) {
    if (error instanceof MootError) return undefined
    throw error
  }
}
