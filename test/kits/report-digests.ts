import { decode } from '@ipld/dag-cbor'
import { decisionsOf } from '../../src/domain/authority/decisions.ts'
import { digestOfReport, digestOfUncertainty } from '../../src/domain/authority/export-report.ts'
import { factsOf } from '../../src/domain/authority/facts.ts'
import type { ReportInput } from '../../src/domain/authority/recorded.ts'
import { reportOf } from '../../src/domain/authority/report.ts'
import { uncertaintyOf } from '../../src/domain/authority/uncertainty.ts'
import { FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import type { Signed } from '../../src/domain/envelope.ts'
import { hex } from '../../src/domain/hash.ts'
import { readEntry } from '../../src/domain/ledger/entry.ts'
import { Ledger } from '../../src/domain/ledger/ledger.ts'
import { inputOf, recipeOf } from './histories.ts'

/** What two programs must come to alike. */
export interface Digests {
  /** Of the entries in the file. */
  readonly decisions: number
  readonly report: string
  readonly uncertainty: string
  /** Of a larger room, whose decisions are made from a seed. */
  readonly larger: string
  readonly largerUncertainty: string
}

/** Rounds of a simulation: few, as what counts is whether the bits are the same. */
const ROUNDS = 60

/** From a file with a list of signed entries (dag-cbor), as the first of their authors sees them. */
export function digestsOf(file: Uint8Array): Digests {
  const reads = decode<Signed[]>(file).map(readEntry)
  const [first] = reads
  if (first === undefined) throw new Error('there are no entries in the file')
  const ledger = new Ledger(first.entry.room, { isKept: () => true })
  for (const read of reads) ledger.take(read)
  const viewer = first.author
  const said = decisionsOf(ledger, {
    viewer,
    charter: FIRST_CHARTER,
    verified: () => true,
    defaultNamed: () => 'choice',
  })
  const facts = factsOf(ledger, said, { viewer, charter: FIRST_CHARTER, registry: [] })
  const recipe = recipeOf({ viewer, scope: 'mine', root: hex(ledger.root()), coverage: ledger.coverage() })
  const small = digested({ decisions: said.decisions, facts, recipe })
  const larger = digested(inputOf({ seed: 'larger', peers: 60, decisions: 1_200, rulings: 60 }, { window: 1_000 }))
  return {
    decisions: said.decisions.length,
    ...small,
    larger: larger.report,
    largerUncertainty: larger.uncertainty,
  }
}

function digested(input: ReportInput): Pick<Digests, 'report' | 'uncertainty'> {
  const report = reportOf(input)
  const uncertainty = uncertaintyOf(input, report, { rounds: ROUNDS })
  return { report: digestOfReport(report), uncertainty: digestOfUncertainty(uncertainty) }
}
