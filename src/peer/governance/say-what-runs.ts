import { runtimeDefaults, type Runtime } from '../../domain/charter/runtime-defaults.ts'
import { isEntry, type BodyOf } from '../../domain/ledger/entry.ts'
import type { LedgerView } from '../../domain/ledger/ledger-view.ts'
import type { PeerId } from '../../domain/peer-id.ts'

/** What a peer last said of a default. */
interface Said {
  readonly value: string
  readonly affirms: boolean
}

/** By default: what a peer last said of it. */
export function saidBy(ledger: LedgerView, peer: PeerId): ReadonlyMap<string, Said> {
  const said = new Map<string, Said>()
  for (const read of ledger.log(peer)) {
    if (!isEntry('DEFAULT_SET', read) && !isEntry('DEFAULT_AFFIRM', read)) continue
    const { key, value } = read.entry.body
    said.set(key, { value, affirms: isEntry('DEFAULT_AFFIRM', read) && read.entry.body.shown > 0 })
  }
  return said
}

/** Says once what this device runs of that of which each has its own: relays, where the app came from, which build. */
export async function sayWhatRuns(
  ledger: LedgerView,
  self: PeerId,
  runtime: Runtime,
  append: (type: 'DEFAULT_SET', body: BodyOf<'DEFAULT_SET'>) => Promise<unknown>,
): Promise<void> {
  const said = saidBy(ledger, self)
  for (const { key, value, varies } of runtimeDefaults(runtime))
    if (varies && said.get(key)?.value !== value) await append('DEFAULT_SET', { key, value })
}
