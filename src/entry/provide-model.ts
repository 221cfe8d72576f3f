import type { ModelId } from '../domain/manifest.ts'
import { importWanted } from './import-wanted.ts'
import { pause } from './pause.ts'
import { pinModel, type Pinning } from './pin-model.ts'
import type { ImportMemory } from './remember-imports.ts'
import type { ForeignModel, RoomModel } from './wanted-model.ts'

/** Milliseconds in which what an earlier run kept is listed again: to read it takes a few. */
const LISTED_WITHIN = 5_000

/** Has a model here for good: out of the room, or imported where an earlier run did not do so. Resolves once it is, or cannot be. */
export async function provideModel(
  pinning: Pinning,
  memory: ImportMemory,
  wanted: RoomModel | ForeignModel,
): Promise<void> {
  if (wanted.kind === 'id' || wanted.kind === 'name') return void (await pinModel(pinning, wanted))
  const known = await memory.recall(wanted)
  const isHere = known !== undefined && (await isListed(pinning, known))
  const id = isHere ? known : await importWanted(pinning, wanted)
  if (id === undefined) return
  await memory.remember(wanted, id)
  await pinModel(pinning, { kind: 'id', text: wanted.text, id })
}

/** Whether a model that an earlier run kept is still here, whole. */
async function isListed(pinning: Pinning, model: ModelId): Promise<boolean> {
  const { peer, signal } = pinning
  const isHere = () => peer.view.models.some(({ id, cached }) => id === model && cached)
  const seen = new AbortController()
  const look = () => isHere() && seen.abort()
  const stop = peer.subscribe(look)
  look()
  await pause({ ...pinning, signal: AbortSignal.any([signal, seen.signal]) }, LISTED_WITHIN)
  stop()
  return isHere()
}
