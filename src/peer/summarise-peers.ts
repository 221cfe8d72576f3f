import { nicknameOf } from '../domain/nickname.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { Link } from '../ports/net.ts'
import type { PresentPeer } from '../protocols/presence/index.ts'
import type { PeerSummary } from './view.ts'

/** The room as a person sees it: what each peer says of itself, and how it is reached. By nickname, then by key. */
export function summarise(
  present: readonly PresentPeer[],
  links: readonly Link[],
  blocked: ReadonlySet<PeerId>,
): readonly PeerSummary[] {
  const paths = new Map(links.map(({ peer, path }) => [peer, path]))
  return present
    .map(({ peer, engines, adapter, build, speedMs, load, paused, watching, models }): PeerSummary => ({
      id: peer,
      nickname: nicknameOf(peer),
      path: paths.get(peer) ?? 'none',
      engine: engines[0] ?? 'none',
      ...(adapter === undefined ? {} : { adapter }),
      build,
      ...(speedMs === undefined ? {} : { speedMs }),
      load,
      paused,
      watching,
      models,
      blocked: blocked.has(peer),
    }))
    .toSorted((a, b) => (a.nickname === b.nickname ? (a.id < b.id ? -1 : 1) : a.nickname < b.nickname ? -1 : 1))
}
