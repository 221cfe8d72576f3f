import { cidOf, FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import type {
  CaseFile,
  DefaultView,
  DifferenceView,
  ForkPreview,
  Governance,
  GovernanceView,
  Report,
  Uncertainty,
} from '../../src/peer/governance-view.ts'

/** A room of which nothing is known but the charter that ships with the app. */
const emptyGovernance: GovernanceView = {
  ready: true,
  ledger: { entries: 0, logs: 0, own: 0, root: '', coverage: { held: 0, known: 0 }, forks: [] },
  charters: [
    {
      id: cidOf(FIRST_CHARTER),
      charter: FIRST_CHARTER,
      members: 1,
      grades: { 'authored': 0, 'ballot': 0, 'signed-after-diff': 0, 'clicked': 1 },
      mine: 'clicked',
      signedBy: [],
      labels: [],
      shipped: true,
    },
  ],
  proposals: [],
  invitations: [],
  cases: [],
  trust: { vouched: [], vouchedBy: [], trees: [], weights: [] },
}

/** How a room that is not there is governed: it looks as it is told to, and notes what was done. For the user interface alone. */
export class FakeGovernance implements Governance {
  view: GovernanceView
  /** What was done, in order: the method's name and its arguments. */
  readonly done: readonly unknown[][] = []
  defaultsAre: readonly DefaultView[] = []
  differencesAre: readonly DifferenceView[] = []
  previewIs: ForkPreview | Error = new Error('no preview was given')
  caseFileIs: CaseFile | Error = new Error('no case file was given')
  reportIs: Report | Error = new Error('no report was given')
  /** Undefined: it never comes. */
  uncertaintyIs: Uncertainty | Error | undefined = new Error('no uncertainty was given')
  recomputesTo: Awaited<ReturnType<Governance['recompute']>> = { equal: true, ms: 12, digest: 'ab'.repeat(32) }
  entryIs: Awaited<ReturnType<Governance['entry']>>
  readonly #tell: () => void

  constructor(change: Partial<GovernanceView>, tell: () => void) {
    this.view = { ...emptyGovernance, ...change }
    this.#tell = tell
  }

  change(change: Partial<GovernanceView>): void {
    this.view = { ...this.view, ...change }
    this.#tell()
  }

  vouch = this.#note('vouch')
  affirm = this.#note('affirm')
  setDefault = this.#note('setDefault')
  propose = this.#note('propose')
  sponsor = this.#note('sponsor')
  sign = this.#note('sign')
  exit = this.#note('exit')
  serve = this.#note('serve')
  vote = this.#note('vote')
  appeal = this.#note('appeal')
  dissent = this.#note('dissent')
  fork: Governance['fork'] = async (charter) => (await this.#note('fork')(charter), cidOf(charter))
  contest: Governance['contest'] = async (...args) => (await this.#note('contest')(...args), 'aa'.repeat(32))
  importLedger: Governance['importLedger'] = async (file) => (
    await this.#note('importLedger')(file),
    { added: 0, refused: 0 }
  )
  moveKey: Governance['moveKey'] = async () => (await this.#note('moveKey')(), new Uint8Array(4))
  forgetKey = this.#note('forgetKey')
  exportLedger: Governance['exportLedger'] = async () => new Uint8Array(3)
  defaults: Governance['defaults'] = async () => this.defaultsAre
  compare: Governance['compare'] = async () => this.differencesAre
  preview: Governance['preview'] = async () => given(this.previewIs)
  caseFile: Governance['caseFile'] = async () => given(this.caseFileIs)
  report: Governance['report'] = async (options) => (await this.#note('report')(options), given(this.reportIs))
  uncertainty: Governance['uncertainty'] = async () =>
    this.uncertaintyIs === undefined ? new Promise(() => {}) : given(this.uncertaintyIs)
  recompute: Governance['recompute'] = async (report) => (await this.#note('recompute')(report), this.recomputesTo)
  entry: Governance['entry'] = async (id) => (await this.#note('entry')(id), this.entryIs)

  #note(name: string) {
    return async (...args: unknown[]): Promise<void> => {
      ;(this.done as unknown[][]).push([name, ...args])
      this.#tell()
    }
  }
}

function given<T>(value: T | Error): T {
  if (value instanceof Error) throw value
  return value
}
