import { fault } from '../../domain/fault.ts'

/** Identities that one browser holds for this origin: as many as tabs that may be open at a time. */
export const SLOTS = 64

/** In the order in which they are taken. */
export const ALL: readonly number[] = Array.from({ length: SLOTS }, (_, number) => number)

/** Milliseconds a reloaded tab waits for the page that it was before to let go of its slot. */
const RELOAD_WAIT_MS = 500

/** Where a tab remembers its slot: `sessionStorage` outlives a reload, and a duplicated tab starts with a copy of it. */
const REMEMBERED = 'moot-identity-slot'

export interface Slot {
  readonly number: number
  /** Resolves once another tab can take it. */
  release(): Promise<void>
}

/**
 * Takes a slot that no other tab holds, for as long as this page lives or until `release`. The Web Lock decides: the
 * slot this tab remembers comes first, then the lowest free one. Rejects with `STORAGE_UNAVAILABLE` when all are held.
 */
export const takeSlot = async (
  locks: LockManager,
  session: Storage | undefined,
  signal: AbortSignal | undefined,
): Promise<Slot> => {
  const slot = (await takeRemembered(locks, session, signal)) ?? (await takeOneOf(ALL, locks, signal))
  if (slot) return slot
  throw fault({ code: 'STORAGE_UNAVAILABLE', why: `${SLOTS} tabs hold all the identities it has room for` })
}

/** Takes the first of these slots that no tab holds; undefined where all are held. */
export async function takeOneOf(
  numbers: readonly number[],
  locks: LockManager,
  signal: AbortSignal | undefined,
): Promise<Slot | undefined> {
  for (const number of numbers) {
    signal?.throwIfAborted()
    const slot = await take(locks, number, { ifAvailable: true })
    if (slot) return slot
  }
  return undefined
}

export const rememberSlot = (session: Storage | undefined, { number }: Slot): void =>
  session?.setItem(REMEMBERED, String(number))

async function takeRemembered(
  locks: LockManager,
  session: Storage | undefined,
  signal: AbortSignal | undefined,
): Promise<Slot | undefined> {
  const remembered = session?.getItem(REMEMBERED) ?? ''
  const number = Number(remembered)
  if (!/^\d+$/.test(remembered) || number >= SLOTS) return undefined
  const patience = AbortSignal.timeout(RELOAD_WAIT_MS)
  try {
    return await take(locks, number, { signal: signal ? AbortSignal.any([signal, patience]) : patience })
  } catch {
    // The tab that this one was duplicated from still holds it.
    signal?.throwIfAborted()
    return undefined
  }
}

/** Holds the lock until `release` or the page's end. `undefined` where it was to be had at once, and was not. */
function take(locks: LockManager, number: number, options: LockOptions): Promise<Slot | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Slot | undefined>()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const held = locks.request(`moot-identity-${number}`, options, (lock) => {
    const slot = { number, release: () => (release(), held) }
    resolve(lock ? slot : undefined)
    return lock ? released : undefined
  })
  held.catch(reject)
  return promise
}
