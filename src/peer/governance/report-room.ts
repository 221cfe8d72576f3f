import { DecisionBook, type DecisionRules } from '../../domain/authority/decisions.ts'
import { digestOfReport } from '../../domain/authority/export-report.ts'
import { factsOf } from '../../domain/authority/facts.ts'
import type { ReportInput } from '../../domain/authority/recorded.ts'
import type { Report, Scope, Uncertainty } from '../../domain/authority/report-shape.ts'
import { ReportBuilder, reportOf } from '../../domain/authority/report.ts'
import type { Charter } from '../../domain/charter/charter.ts'
import type { Default } from '../../domain/charter/runtime-defaults.ts'
import { fault } from '../../domain/fault.ts'
import { hex } from '../../domain/hash.ts'
import type { LedgerView } from '../../domain/ledger/ledger-view.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Clock } from '../../ports/clock.ts'
import { dropOldest } from '../drop-oldest.ts'
import type { Governance } from '../governance-view.ts'
import type { ContestSignatures } from './check-contests.ts'

/** Works out what chance predicts of a report: off the page's thread, where there is one. */
export type Reckon = (input: ReportInput, report: Report, options?: { signal?: AbortSignal }) => Promise<Uncertainty>

/** Viewpoints whose reports go on as entries come: one for each choice on the page, and some to spare. */
const MAX_BUILDERS = 8

export interface ReportsComponents {
  readonly self: PeerId
  readonly charter: Charter
  /** Sha-256 of the rules' sources, in hexadecimal. */
  readonly code: string
  readonly ledger: LedgerView
  readonly clock: Clock
  readonly signatures: ContestSignatures
  readonly registry: () => readonly Default[]
  readonly reckon: Reckon
}

/** What the records of a room say of who decides: worked out when somebody looks, and again from nothing when somebody doubts it. */
export class RoomReports {
  readonly #components: ReportsComponents
  readonly #inputs = new WeakMap<Report, ReportInput>()
  /** By viewer. */
  readonly #books = new Map<PeerId, DecisionBook>()
  /** By viewer, window and scope. */
  readonly #builders = new Map<string, ReportBuilder>()

  constructor(components: ReportsComponents) {
    this.#components = components
  }

  report: Governance['report'] = async ({ window, scope, viewer = this.#components.self }) => {
    const { ledger, code } = this.#components
    if (!Number.isSafeInteger(window) || window < 0)
      throw fault({ code: 'MALFORMED', what: 'window', why: 'it is a number of decisions, or 0 for all' })
    await this.#checkContests()
    const book = this.#books.get(viewer) ?? new DecisionBook(this.#rules(viewer))
    this.#books.set(viewer, book)
    dropOldest(this.#books, MAX_BUILDERS)
    const input = this.#inputOf(book, { window, scope, viewer })
    const name = `${viewer} ${window} ${scope}`
    const builder = this.#builders.get(name) ?? new ReportBuilder({ code, window, scope, viewer }, input.facts)
    this.#builders.set(name, builder)
    dropOldest(this.#builders, MAX_BUILDERS)
    builder.know(input.facts)
    builder.follow(input.decisions)
    const report = builder.report({ root: hex(ledger.root()), coverage: ledger.coverage() })
    this.#inputs.set(report, input)
    return report
  }

  /** Rejects with `MALFORMED` for a report that is not of this tab. */
  uncertainty: Governance['uncertainty'] = async (report, options) => {
    const input = this.#inputs.get(report)
    if (input === undefined) throw fault({ code: 'MALFORMED', what: 'report', why: 'it was not worked out here' })
    return this.#components.reckon(input, report, options)
  }

  recompute: Governance['recompute'] = async (report) => {
    const { clock } = this.#components
    const { window, scope, viewer } = report.recipe
    const since = clock.now()
    await this.#checkContests()
    const again = reportOf(this.#inputOf(new DecisionBook(this.#rules(viewer)), { window, scope, viewer }))
    const digest = digestOf(again)
    return { equal: digest === digestOf(report), ms: clock.now() - since, digest }
  }

  #inputOf(
    book: DecisionBook,
    { window, scope, viewer }: { window: number; scope: Scope; viewer: PeerId },
  ): ReportInput {
    const { ledger, charter, code, registry } = this.#components
    const found = book.read(ledger)
    return {
      decisions: found.decisions,
      facts: factsOf(ledger, found, { viewer, charter, registry: registry() }),
      recipe: { code, root: hex(ledger.root()), window, scope, viewer, coverage: ledger.coverage() },
    }
  }

  #rules(viewer: PeerId): DecisionRules {
    const { charter, signatures, registry } = this.#components
    const named = new Map(
      registry().map(({ key, varies }) => [key, varies ? ('statement' as const) : ('choice' as const)]),
    )
    return { viewer, charter, verified: signatures.holds, defaultNamed: (key) => named.get(key) }
  }

  async #checkContests(): Promise<void> {
    const { ledger, signatures } = this.#components
    await Promise.all(ledger.of('CONTEST').map((contest) => signatures.check(contest)))
  }
}

/** Of what the entries say: how much of them this tab has heard of is no part of it, and stands beside it. */
const digestOf = (report: Report): string =>
  digestOfReport({ ...report, recipe: { ...report.recipe, coverage: { held: 0, known: 0 } } })
