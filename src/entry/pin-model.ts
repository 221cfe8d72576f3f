import { faultOf, sentence, type Fault } from '../domain/fault.ts'
import { sizeOf } from '../domain/manifest.ts'
import type { ModelSummary, Peer, PeerView } from '../peer/view.ts'
import type { Clock } from '../ports/clock.ts'
import { pause } from './pause.ts'
import { meant, type RoomModel } from './wanted-model.ts'

/** Milliseconds before what failed for want of a holder is tried again. */
const AGAIN = 15_000

/** What passes when others come, or come back. */
const PASSING: ReadonlySet<Fault['code']> = new Set(['MODEL_UNKNOWN', 'BLOCK_MISSING', 'UNREACHABLE', 'TIMED_OUT'])

export interface Pinning {
  readonly peer: Pick<Peer, 'view' | 'subscribe' | 'models'>
  /** Tells a person how it goes. */
  readonly say: (sentence: string) => void
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Pins a model once somebody in the room holds it, however long that takes. Resolves with whether it is pinned. */
export async function pinModel(pinning: Pinning, wanted: RoomModel): Promise<boolean> {
  const { peer, say, signal } = pinning
  const tell = withoutRepeats(say)
  while (!signal.aborted) {
    const model = await appearance(peer, wanted, tell, signal)
    if (model === undefined) break
    try {
      if (!model.cached) tell(`Fetching ${called(model)}, ${megabytes(model)}, from ${holders(model)}.`)
      await peer.models.pin(model.id, true)
      tell(`Pinned ${called(model)}: ${model.id}`)
      return true
    } catch (error) {
      const why = faultOf(error)
      if (!PASSING.has(why.code)) {
        tell(`${called(model)} is not pinned. ${sentence(why)}`)
        return false
      }
      tell(`Not all of ${called(model)} could be had: waiting for whoever holds it.`)
      await pause(pinning, AGAIN)
    }
  }
  return false
}

/** The model that is meant, once it can be had. Undefined where nobody waits for it any longer. */
function appearance(
  peer: Pinning['peer'],
  wanted: RoomModel,
  tell: (sentence: string) => void,
  signal: AbortSignal,
): Promise<ModelSummary | undefined> {
  const look = ({ models }: PeerView): ModelSummary | undefined => {
    const found = meant(wanted, models).filter(({ cached, source, holders: { length } }) => {
      return cached || source === 'shipped' || length > 0
    })
    const [only, ...others] = found
    if (only === undefined) tell(`Waiting for ${wanted.text}: nobody in the room holds it now.`)
    if (others.length === 0) return only
    tell(`Several models go by ${wanted.text}: pin one of them by its id. ${found.map(listed).join('; ')}.`)
    return undefined
  }
  return new Promise((resolve) => {
    const stop = peer.subscribe((view) => settle(look(view)))
    const leave = () => settle(undefined)
    const settle = (model: ModelSummary | undefined) => {
      if (model === undefined && !signal.aborted) return
      stop()
      signal.removeEventListener('abort', leave)
      resolve(model)
    }
    signal.addEventListener('abort', leave)
    settle(look(peer.view))
  })
}

/** What a person calls a model: `squeezenet@1 by Kind Tiger`. */
export const called = ({ manifest: { name, version }, publisher }: ModelSummary): string =>
  `${name}@${version} by ${publisher}`

const listed = (model: ModelSummary): string => `${called(model)} is ${model.id}`

const holders = ({ holders: { length }, source }: ModelSummary): string =>
  length === 0
    ? source === 'shipped'
      ? 'what comes with the app'
      : 'the room'
    : length === 1
      ? '1 peer'
      : `${length} peers`

const megabytes = ({ manifest: { files } }: ModelSummary): string => `${(sizeOf(files) / 1e6).toFixed(1)} MB`

function withoutRepeats(say: (sentence: string) => void): (sentence: string) => void {
  let last = ''
  return (sentence) => {
    if (sentence !== last) say(sentence)
    last = sentence
  }
}
