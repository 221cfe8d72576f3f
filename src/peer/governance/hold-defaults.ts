import { defaultShares } from '../../domain/charter/default-shares.ts'
import { registryOf } from '../../domain/charter/defaults.ts'
import { valueText, type Default, type Runtime } from '../../domain/charter/runtime-defaults.ts'
import type { Charter } from '../../domain/charter/charter.ts'
import { membersOf } from '../../domain/charter/members.ts'
import { digestOfCid } from '../../domain/cids.ts'
import { fault } from '../../domain/fault.ts'
import type { BodyOf, EntryType, ReadEntry } from '../../domain/ledger/entry.ts'
import type { LedgerView } from '../../domain/ledger/ledger-view.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { DefaultView } from '../governance-view.ts'
import { saidBy } from './say-what-runs.ts'

export interface DefaultsComponents {
  readonly self: PeerId
  readonly charter: Charter
  readonly charterId: string
  readonly ledger: LedgerView
  readonly append: <T extends EntryType>(type: T, body: BodyOf<T>) => Promise<ReadEntry<T>>
  readonly runtime: Runtime
  /** Charters that the one in force descends from, its parent first. */
  readonly ancestors: () => readonly Charter[]
}

/** What was decided for those who chose nothing: how many run it so, how many meant to, and this peer's own word on it. */
export class RoomDefaults {
  readonly #components: DefaultsComponents

  constructor(components: DefaultsComponents) {
    this.#components = components
  }

  registry(): readonly Default[] {
    const { charter, runtime, ancestors } = this.#components
    return registryOf(charter, { ...runtime, ancestors: ancestors() })
  }

  members(): readonly PeerId[] {
    const { ledger, charterId } = this.#components
    return membersOf(ledger, digestOfCid(charterId, 'charter')).map(({ peer }) => peer)
  }

  list(): readonly DefaultView[] {
    const registry = this.registry()
    const shares = new Map(
      defaultShares(this.#components.ledger, registry, this.members()).map((each) => [each.key, each]),
    )
    const own = saidBy(this.#components.ledger, this.#components.self)
    return registry.map(({ key, name, group, words, value, setBy, clause, since, alternatives }) => {
      const said = own.get(key)
      const { unchanged = 0, affirmed = 0, of = 0 } = shares.get(key) ?? {}
      return {
        ...{ key, name, group, setBy, clause, since, unchanged, affirmed, of },
        value: words,
        alternatives: alternatives.map((each) => each.words),
        ...(said && said.value !== value ? { mine: said.value } : {}),
        affirmedByMe: said?.value === value && said.affirms,
      }
    })
  }

  /** Rejects with `MALFORMED` for a default that is not listed. */
  async affirm(key: string): Promise<void> {
    const { value, alternatives } = this.#find(key)
    await this.#components.append('DEFAULT_AFFIRM', { key, value, shown: Math.min(64, alternatives.length) })
  }

  async set(key: string, value: string): Promise<void> {
    this.#find(key)
    await this.#components.append('DEFAULT_SET', { key, value: valueText(value) })
  }

  #find(key: string): Default {
    const found = this.registry().find((each) => each.key === key)
    if (found) return found
    throw fault({ code: 'MALFORMED', what: 'default', why: 'there is none of that name' })
  }
}
