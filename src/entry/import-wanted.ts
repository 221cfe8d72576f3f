import { basename } from 'node:path'
import { faultOf, sentence, type Fault } from '../domain/fault.ts'
import type { ModelId } from '../domain/manifest.ts'
import { filesBeside } from '../adapters/files/model-files.ts'
import type { ImportView } from '../peer/view.ts'
import type { ModelOrigin, SourceFile } from '../ports/model-source.ts'
import { pause } from './pause.ts'
import { called, type Pinning } from './pin-model.ts'
import type { ForeignModel } from './wanted-model.ts'

/** Milliseconds before a web address that failed is tried again: what was read of it is kept. */
const AGAIN = 60_000

/** What passes when a server, or the way to it, is back. */
const PASSING: ReadonlySet<Fault['code']> = new Set(['SOURCE_FAILED', 'TIMED_OUT', 'RATE_LIMITED'])

/** Imports a model and publishes it as it is proposed. Resolves with its id, or with nothing where that cannot be. */
export async function importWanted(pinning: Pinning, wanted: ForeignModel): Promise<ModelId | undefined> {
  const { signal, say } = pinning
  while (!signal.aborted) {
    const outcome = await importOnce(pinning, wanted)
    if (typeof outcome === 'string') return outcome
    if (signal.aborted) break
    const passes = wanted.kind === 'web' && PASSING.has(outcome.code)
    say(`${wanted.text} is not imported${passes ? ' yet' : ''}. ${sentence(outcome)}`)
    if (!passes) break
    await pause(pinning, AGAIN)
  }
  return undefined
}

async function importOnce({ peer, say, signal }: Pinning, wanted: ForeignModel): Promise<ModelId | Fault> {
  let several: Fault | undefined
  try {
    say(`Importing ${wanted.text}.`)
    const importing = peer.models.import(await originOf(wanted), { signal })
    const choose = ({ phase, choices }: ImportView) => {
      if (phase !== 'choosing') return
      const chosen = chosenOf(wanted, choices)
      if (chosen !== undefined) return importing.choose(chosen)
      several = severalFiles(wanted, choices)
      importing.cancel()
    }
    const stop = importing.subscribe(choose)
    choose(importing.view)
    const { fault, proposal, model } = await importing.settled.finally(stop)
    if (fault) return several ?? fault
    if (model) return model.id
    if (proposal === undefined) return { code: 'MODEL_REFUSED', why: 'nothing of it could be proposed' }
    const published = await importing.publish(proposal)
    say(`Published ${called(published)}: ${published.id}`)
    return published.id
  } catch (error) {
    return faultOf(error)
  }
}

const originOf = async (wanted: ForeignModel): Promise<ModelOrigin> =>
  wanted.kind === 'web' ? wanted.origin : { kind: 'files', files: await filesBeside(wanted.path) }

/** The ONNX file that was named, or the only one. */
function chosenOf(wanted: ForeignModel, choices: readonly SourceFile[]): string | undefined {
  const named =
    wanted.kind === 'file' ? basename(wanted.path) : 'path' in wanted.origin ? wanted.origin.path : undefined
  const [only, ...others] = choices
  if (choices.some(({ path }) => path === named)) return named
  return others.length === 0 ? only?.path : undefined
}

function severalFiles({ text }: ForeignModel, choices: readonly SourceFile[]): Fault {
  const paths = choices.slice(0, 12).map(({ path }) => path)
  const why = `${text} holds several (${paths.join(', ')}), so give the address of one, as in https://huggingface.co/${text}/blob/main/${paths[0] ?? ''}`
  return { code: 'MALFORMED', what: 'model to pin', why }
}
