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

/** What it tells over HTTP, where any page of a browser on its machine may read it: not its room, whose name is all that it takes to enter. */
export function peerStatus(peer: Pick<Peer, 'view'>): Status {
  return {
    health: () => {
      const { id, nickname, models, device } = peer.view
      const readings = READINGS.map(({ key, of }) => [key, of(peer.view)] as const)
      const pinned = models.filter((model) => model.pinned).map((model) => model.id)
      return { peer: id, nickname, watching: device.settings.watching, pinned, ...Object.fromEntries(readings) }
    },
    readings: READINGS.map(({ name, help, of }) => ({ name, help, read: () => of(peer.view) })),
  }
}

const MEGABYTE = 1e6

const READINGS: readonly { key: string; name: string; help: string; of: (view: PeerView) => number }[] = [
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
]
