import { cidOf, FIRST_CHARTER, type Charter } from '../../src/domain/charter/charter.ts'
import { compareCharters } from '../../src/domain/charter/compare-charters.ts'
import { labelSentence, labelsOf } from '../../src/domain/charter/check-charter.ts'
import { NO_MEMBERS } from '../../src/domain/charter/members.ts'
import { registryOf } from '../../src/domain/charter/defaults.ts'
import type { Changes } from '../../src/domain/charter/fork.ts'
import type {
  CharterView,
  DefaultView,
  DifferenceView,
  ForkPreview,
  ProposalView,
  TrustView,
} from '../../src/peer/governance-view.ts'
import { idOf } from './fake-models.ts'

/** Charters as a room may know them, with nobody behind them. */

/** As `forkOf`, which takes real keys alone. */
const child = (changes: Changes, ...authors: readonly string[]): Charter => ({
  ...FIRST_CHARTER,
  version: 2,
  ...changes,
  verification: { ...FIRST_CHARTER.verification, ...changes.verification },
  jury: { ...FIRST_CHARTER.jury, ...changes.jury },
  appeal: { ...FIRST_CHARTER.appeal, ...changes.appeal },
  membership: { ...FIRST_CHARTER.membership, ...changes.membership },
  amendment: { ...FIRST_CHARTER.amendment, ...changes.amendment },
  timeouts: { ...FIRST_CHARTER.timeouts, ...changes.timeouts },
  parents: [cidOf(FIRST_CHARTER)],
  authors: authors.map(idOf),
})

export const HARBOUR: Charter = child(
  {
    title: 'Harbour charter',
    verification: { replication: 5 },
    jury: { sizes: [5, 11, 21], threshold: 2 / 3, introducerCap: 2 },
    timeouts: { contest: 3_600_000, serve: 600_000 },
  },
  'oak',
  'me',
  'yew',
)

/** What a stranger may write, as far as the schema lets them. */
export const STRANGE: Charter = child(
  {
    title: '<b>The</b> one charter of all that ever was, so sign it here',
    entrenched: ['arithmetic'],
    jury: { sizes: [1, 3], threshold: 0.4, introducerCap: 3 },
    appeal: { levels: 1 },
    membership: { vouches: 0 },
  },
  'bay',
)

const viewOf = (charter: Charter, change: Partial<CharterView> = {}): CharterView => ({
  id: cidOf(charter),
  charter,
  members: 1,
  grades: { ...NO_MEMBERS, authored: 1 },
  mine: 'none',
  signedBy: [],
  labels: labelsOf(charter, [FIRST_CHARTER]).map((label) => labelSentence(label, charter)),
  shipped: charter === FIRST_CHARTER,
  ...change,
})

export const first = viewOf(FIRST_CHARTER, {
  members: 9,
  grades: { ...NO_MEMBERS, 'ballot': 1, 'signed-after-diff': 2, 'clicked': 6 },
  mine: 'clicked',
})
export const harbour = viewOf(HARBOUR, {
  members: 4,
  grades: { ...NO_MEMBERS, 'authored': 1, 'signed-after-diff': 3 },
  signedBy: [idOf('oak')],
})
export const strange = viewOf(STRANGE)

export const differencesTo = (charter: Charter): readonly DifferenceView[] => compareCharters(FIRST_CHARTER, charter)

export const previewOf = (charter: Charter): ForkPreview => ({
  differences: differencesTo(charter),
  labels: viewOf(charter).labels,
  trust: { kept: 2, of: 6 },
  hosts: { kept: 1, of: 3 },
  history: { entries: 412, proofs: 12, rulings: 3 },
  openCases: 1,
})

export const proposal: ProposalView = {
  id: '5e'.repeat(32),
  charter: harbour.id,
  parent: first.id,
  title: HARBOUR.title,
  proposer: idOf('oak'),
  reason: 'Three seats are one family here. Five, and two of three, would take more of us.',
  sponsors: ['ash', 'yew', 'fir'].map(idOf),
  sponsorsNeeded: 3,
  phase: 'signing',
  counts: [
    { way: 'raw', signed: 5, of: 9, needed: 6, passes: false },
    { way: 'introducers', signed: 2.4, of: 3, needed: 2, passes: true },
    { way: 'your-trust', signed: 0.31, of: 0.92, needed: 0.6133, passes: false },
  ],
  mySignature: false,
  mySponsorship: false,
}

export const trust: TrustView = {
  vouched: ['oak', 'ash'].map(idOf),
  vouchedBy: [idOf('oak')],
  trees: [
    { root: idOf('oak'), members: 5 },
    { root: idOf('elm'), members: 3 },
    { root: idOf('bay'), members: 1 },
  ],
  weights: [
    { peer: idOf('oak'), weight: 0.34, tree: idOf('oak') },
    { peer: idOf('ash'), weight: 0.21, tree: idOf('oak') },
    { peer: idOf('elm'), weight: 0.08, tree: idOf('elm') },
    { peer: idOf('yew'), weight: 0.004, tree: idOf('elm') },
  ],
}

/** The registry itself, with shares that nobody measured. */
export const defaults: readonly DefaultView[] = registryOf(FIRST_CHARTER, {
  relays: ['/dns4/relay.example.org/tcp/443/tls/ws/p2p/12D3KooWRelay'],
  relaysFrom: 'relays.json',
  origin: 'https://moot.example.org',
  build: '9f3a61c0d27b',
  iceServers: [],
  pointer: first.id,
  firstModel: 'digits 1.0.0, by Moot',
}).map(({ words, alternatives, order, ...row }) => ({
  ...row,
  value: words,
  alternatives: alternatives.map((each) => each.words),
  unchanged: order % 7 === 3 ? 0.64 : 1 - (order % 5) / 40,
  affirmed: order % 7 === 3 ? 0.29 : 0.07,
  of: 14,
  affirmedByMe: order === 7,
  ...(order === 0 ? { mine: 'a relay of my own, on the kitchen shelf' } : {}),
}))
