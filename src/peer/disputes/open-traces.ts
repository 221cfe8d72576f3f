import type { Assertion } from '../../domain/dispute/dispute-state.ts'
import { compareOpened, Opened, wayTo, type Place } from '../../domain/dispute/opened-trace.ts'
import { equalBytes } from '../../domain/hash.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import { MAX_WHOLE, type DisputeWire } from '../../protocols/disputes/index.ts'

/** One side of a dispute: what it asserts, and who may show it. */
export interface Side {
  readonly assertion: Assertion['read']['message']
  readonly authors: readonly PeerId[]
  /** Where this peer asserts it itself. */
  readonly own?: Opened
}

/** A side as far as it was shown. `bad`: what was shown is not what was asserted. */
export type Shown = { readonly opened: Opened } | 'bad' | 'withheld'

export interface OpenComponents {
  readonly wire: Pick<DisputeWire, 'trace'>
  readonly job: Uint8Array
  /** Milliseconds that an asserter may take for each thing it is asked. */
  readonly limitMs: number
  readonly signal: AbortSignal
}

/** Opens two sides as far as it takes to see where they first differ. `length` is how many hashes the model gives. */
export async function openBoth(
  components: OpenComponents,
  [left, right]: readonly [Side, Side],
  length: number,
): Promise<[Shown, Shown]> {
  const shown: [Shown, Shown] = await Promise.all([
    openSide(components, left, length),
    openSide(components, right, length),
  ])
  for (;;) {
    const [a, b] = shown
    if (typeof a === 'string' || typeof b === 'string') return shown
    const found = compareOpened(a.opened, b.opened)
    if (found === undefined || 'at' in found) return shown
    shown[0] = await more(components, left, a.opened, found.need)
    shown[1] = await more(components, right, b.opened, found.need)
  }
}

/** A side whole where it is short, else its top and the way to the hash of its output. */
async function openSide(components: OpenComponents, side: Side, length: number): Promise<Shown> {
  const { count, output } = side.assertion
  // The model says how many values there are: who asserts another number asserts another model.
  if (count !== length) return 'bad'
  const shown = side.own
    ? { opened: side.own }
    : await ask(components, side, count <= MAX_WHOLE ? undefined : wayTo(count - 1, count))
  if (typeof shown === 'string') return shown
  const last = shown.opened.hashAt(count - 1)
  return last && equalBytes(last, output) ? shown : 'bad'
}

/** The same side with one more node of its tree. */
async function more(components: OpenComponents, side: Side, opened: Opened, need: Place): Promise<Shown> {
  if (opened.children(need)) return { opened }
  const shown = await ask(components, side, [...opened.show().nodes, need])
  return typeof shown === 'string' || shown.opened.children(need) ? shown : 'withheld'
}

/** Asks those who assert it, one after another. */
async function ask(
  { wire, job, limitMs, signal }: OpenComponents,
  { assertion: { root, count }, authors }: Side,
  nodes: readonly Place[] | undefined,
): Promise<Shown> {
  let shown: Shown = 'withheld'
  for (const peer of authors) {
    const request = { job, root, ...(nodes ? { nodes: nodes.map(({ level, index }) => ({ level, index })) } : {}) }
    const trace = await wire.trace(peer, request, { limitMs, signal }).catch(() => undefined)
    if (trace === undefined) continue
    const isOfIt = trace.count === count && equalBytes(trace.root, root)
    const opened = isOfIt ? Opened.read(trace) : undefined
    if (opened) return { opened }
    shown = 'bad'
  }
  return shown
}
