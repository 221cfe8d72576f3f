import type { CaseView, GovernanceView } from '../peer/governance-view.ts'
import { isOpenCase } from '../peer/governance/is-open-case.ts'
import type { Peer, PeerView } from '../peer/view.ts'
import type { Status } from './status-routes.ts'

/** What a peer without a browser says of itself when it has joined. */
export function selfDescription({ id, nickname, room, device }: PeerView, data: string): string {
  const { watching, duty, cacheBytes } = device.settings
  const computes = watching
    ? 'It computes nothing'
    : `It computes for the room in up to ${duty * 100} % of its time (${device.build})`
  return [
    `Peer ${nickname}, ${id}, is in the room ${room}.`,
    `${computes}, and keeps up to ${Math.round(cacheBytes / MEGABYTE)} MB of models in ${data}.`,
  ].join('\n')
}

/** Says what becomes of each relay, given one view after the other. */
export function relayNews(say: (sentence: string) => void): (view: PeerView) => void {
  const told = new Map<string, boolean>()
  return ({ relays, status }) => {
    for (const { address, connected } of relays) {
      const before = told.get(address)
      if (before === connected || (before === undefined && !connected) || status === 'left') continue
      told.set(address, connected)
      say(connected ? `Connected to the relay ${address}` : `Lost the relay ${address}: trying again until it is back.`)
    }
  }
}

/** Says how far the room's juries are, given one view after the other. What was over before this peer had read its records is no news. */
export function caseNews(say: (sentence: string) => void): (view: Pick<GovernanceView, 'ready' | 'cases'>) => void {
  const told = new Map<string, string>()
  return ({ ready, cases }) => {
    for (const one of cases) {
      const words = caseWords(one)
      if (told.get(one.id) === words) continue
      told.set(one.id, words)
      if (ready || isOpenCase(one)) say(`Case ${one.id.slice(0, 8)}: ${words}.`)
    }
  }
}

function caseWords({ phase, levels, refusedFor, role }: CaseView): string {
  const ruling = levels.at(-1)?.ruling
  const part = role === 'bystander' ? '' : `, as ${role}`
  if (phase === 'refused') return `refused, ${refusedFor ?? 'it is no case'}`
  if (ruling === undefined) return `${phase}${levels.length > 1 ? `, appeal ${levels.length - 1}` : ''}${part}`
  if (ruling.outcome === 'unresolved') return `unresolved, ${ruling.why ?? 'no reason given'}${part}`
  const { outcome, for: upheld, against } = ruling
  return `ruled, ${outcome} ${Math.max(upheld, against)} to ${Math.min(upheld, against)}${part}`
}

/** What it tells over HTTP, where any page of a browser on its machine may read it: not its room, whose name is all that it takes to enter. */
export function peerStatus(peer: Pick<Peer, 'view' | 'governance'>): Status {
  return {
    health: () => {
      const { id, nickname, models, device } = peer.view
      const readings = READINGS.map(({ key, of }) => [key, of(peer.view, peer.governance.view)] as const)
      const pinned = models.filter((model) => model.pinned).map((model) => model.id)
      return { peer: id, nickname, watching: device.settings.watching, pinned, ...Object.fromEntries(readings) }
    },
    readings: READINGS.map(({ name, help, of }) => ({ name, help, read: () => of(peer.view, peer.governance.view) })),
  }
}

const MEGABYTE = 1e6

interface PeerReading {
  readonly key: string
  readonly name: string
  readonly help: string
  readonly of: (view: PeerView, governance: GovernanceView) => number
}

const READINGS: readonly PeerReading[] = [
  {
    key: 'relays',
    name: 'moot_peer_relays',
    help: 'Relays it is connected to.',
    of: ({ relays }) => relays.filter(({ connected }) => connected).length,
  },
  { key: 'peers', name: 'moot_peer_peers', help: 'Other peers in its room.', of: ({ peers }) => peers.length },
  {
    key: 'links',
    name: 'moot_peer_links',
    help: 'Direct links to them.',
    of: ({ peers }) => peers.filter(({ path }) => path === 'direct').length,
  },
  {
    key: 'models',
    name: 'moot_peer_models',
    help: 'Models that it holds whole.',
    of: ({ models }) => models.filter(({ cached }) => cached).length,
  },
  {
    key: 'cachedBytes',
    name: 'moot_peer_cached_bytes',
    help: 'Bytes of models kept.',
    of: ({ device }) => device.cachedBytes,
  },
  {
    key: 'uploadedBytes',
    name: 'moot_peer_uploaded_bytes',
    help: 'Bytes of models sent to others since it started.',
    of: ({ device }) => device.uploadedBytes,
  },
  {
    key: 'jobsRun',
    name: 'moot_peer_jobs_run',
    help: 'Jobs computed since it started.',
    of: ({ device }) => device.jobsRun,
  },
  {
    key: 'computedMs',
    name: 'moot_peer_computed_milliseconds',
    help: 'Time computed for others since it started.',
    of: ({ device }) => device.computedMs,
  },
  {
    key: 'entries',
    name: 'moot_peer_entries',
    help: "Entries of the room's ledger that it holds.",
    of: (_view, { ledger }) => ledger.entries,
  },
  {
    key: 'openCases',
    name: 'moot_peer_open_cases',
    help: 'Cases before juries that are open, as far as it knows.',
    of: (_view, { cases }) => cases.filter(isOpenCase).length,
  },
]
