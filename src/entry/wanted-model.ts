import { fault, faultOf } from '../domain/fault.ts'
import { isCid } from '../domain/cids.ts'
import { originOf, type WebOrigin } from '../domain/model-origin.ts'
import { isName, isVersion, type ModelId } from '../domain/manifest.ts'
import { keyFromPeerId } from '../domain/peer-id.ts'
import type { ModelSummary } from '../peer/view.ts'

/** A model of the room, by its id or by what its publisher calls it. */
export type RoomModel =
  | { readonly kind: 'id'; readonly text: string; readonly id: ModelId }
  | {
      readonly kind: 'name'
      readonly text: string
      /** A key, or the two words made from one. */
      readonly publisher?: string
      readonly name: string
      readonly version?: string
    }

/** A model that is imported. */
export type ForeignModel =
  | { readonly kind: 'file'; readonly text: string; readonly path: string }
  | { readonly kind: 'web'; readonly text: string; readonly origin: WebOrigin }

/** What a nickname looks like, which no owner of a repository does. */
const NICKNAME = /^[A-Z][a-z]+ [A-Z][a-z]+$/

/**
 * Reads which model a person means: an id, a file that is there, an `https://` address, `name`, `name@version` or
 * `publisher/name@version` as a room lists it, or `owner/name` of Hugging Face. Throws `MALFORMED`.
 */
export function readWanted(text: string, isFile: (path: string) => boolean): RoomModel | ForeignModel {
  if (isCid(text)) return { kind: 'id', text, id: text }
  if (isFile(text)) return { kind: 'file', text, path: text }
  if (/^https?:/i.test(text)) return { kind: 'web', text, origin: originOf(text) }
  if (/\.onnx$/i.test(text)) throw malformed(`there is no file ${text}`)
  const slash = text.indexOf('/')
  const publisher = text.slice(0, Math.max(0, slash))
  if (slash >= 0 && !NICKNAME.test(publisher) && !isPeerId(publisher))
    return { kind: 'web', text, origin: originOf(text) }
  const [name = '', version, ...rest] = text.slice(slash + 1).split('@')
  if (rest.length > 0 || !isName(name) || (version !== undefined && !isVersion(version)))
    throw malformed('it is neither a file, an address, an id nor a name as the room lists it')
  return { kind: 'name', text, name, ...(publisher && { publisher }), ...(version && { version }) }
}

/** The models of a room that may be meant: for one name the latest version of each publisher. */
export function meant(wanted: RoomModel, models: readonly ModelSummary[]): readonly ModelSummary[] {
  if (wanted.kind === 'id') return models.filter(({ id }) => id === wanted.id)
  const { name, version, publisher } = wanted
  const all = models.filter(
    (model) =>
      model.manifest.name === name &&
      (version === undefined || model.manifest.version === version) &&
      (publisher === undefined || [model.publisher, model.manifest.publisher].includes(publisher)),
  )
  const isOlder = ({ id, manifest }: ModelSummary) =>
    all.some((other) => other.manifest.parent === id && other.manifest.publisher === manifest.publisher)
  return all.filter((model) => !isOlder(model))
}

function isPeerId(text: string): boolean {
  try {
    return keyFromPeerId(text).length > 0
  } catch (error) {
    if (faultOf(error).code === 'MALFORMED') return false
    throw error
  }
}

const malformed = (why: string) => fault({ code: 'MALFORMED', what: 'model to pin', why })
