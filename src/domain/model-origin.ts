import { fault } from './fault.ts'

/** Where in the web a model is. */
export type WebOrigin =
  /** A web address of an ONNX file. */
  | { readonly kind: 'url'; readonly url: string }
  /**
   * A repository of Hugging Face, or of a site with its layout: `owner/name`, at `revision` (default `main`). `path` is the
   * ONNX file wanted where somebody named one.
   */
  | { readonly kind: 'hub'; readonly repository: string; readonly revision?: string; readonly path?: string }

/** Characters of the longest address read: more than any server takes. */
const MAX_ADDRESS = 4_096

/** A repository as Hugging Face names them, and what a revision may be: a branch, a tag, a commit. */
const REPOSITORY = /^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/
const REVISION = /^[^\s?#@\\]{1,256}$/
const HUB = /^(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\/(.*)$/i
/** What stands before a repository of something else there. */
const OTHERS = new Set(['datasets', 'spaces', 'docs', 'api', 'papers', 'collections', 'blog'])

export const isRepository = (text: string): boolean => REPOSITORY.test(text)

/**
 * Reads what a person typed or pasted: `owner/name`, `owner/name@revision`, the address of a page or a file at Hugging
 * Face, or a web address. Throws `MALFORMED`.
 */
export function originOf(text: string): WebOrigin {
  const written = text.trim()
  if (written.length > MAX_ADDRESS) throw malformed('it is too long')
  const [, atHub] = HUB.exec(written) ?? []
  if (atHub !== undefined) return hubOrigin(atHub)
  if (/^https?:/i.test(written)) return { kind: 'url', url: checkAddress(written) }
  if (/^[a-z][a-z0-9+.-]*:/i.test(written)) throw malformed('it begins with neither https:// nor http://')
  if (/\.onnx(?:[?#].*)?$/i.test(written) && !written.startsWith('/'))
    return { kind: 'url', url: checkAddress(`https://${written}`) }
  const [repository = '', revision, ...rest] = written.split('@')
  if (rest.length > 0) throw unknown()
  return repositoryOrigin(repository, revision)
}

/** A web address that may be fetched: throws `MALFORMED` where it is none, or holds a password. */
export function checkAddress(url: string): string {
  if (!/^https?:\/\/[^\s/?#\\]+[^\s\\]*$/i.test(url)) throw malformed('it is no web address')
  if (/^[^:]+:\/\/[^/?#]*@/.test(url))
    throw malformed('it holds a user name or a password, which would go to everybody')
  return url
}

/** `owner/name[/tree|blob|resolve|raw/revision[/path]]`, as addresses at Hugging Face go on. */
function hubOrigin(rest: string): WebOrigin {
  const [owner = '', name = '', kind, revision, ...path] = (rest.split(/[?#]/)[0] ?? '').split('/').map(decoded)
  if (OTHERS.has(owner)) throw malformed('it is the address of something else than a model')
  const { repository } = repositoryOrigin(`${owner}/${name}`)
  const named = kind !== undefined && ['tree', 'blob', 'resolve', 'raw'].includes(kind)
  const file = path.join('/')
  return {
    kind: 'hub',
    repository,
    ...(named && revision ? { revision: checkRevision(revision) } : {}),
    ...(named && /\.onnx$/i.test(file) ? { path: file } : {}),
  }
}

function repositoryOrigin(repository: string, revision?: string) {
  if (!isRepository(repository)) throw unknown()
  return { kind: 'hub', repository, ...(revision === undefined ? {} : { revision: checkRevision(revision) }) } as const
}

function checkRevision(revision: string): string {
  if (REVISION.test(revision)) return revision
  throw malformed('what follows the repository is no branch, tag or commit')
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw malformed('it is no web address')
  }
}

const unknown = () =>
  malformed('it is neither a web address nor a repository of Hugging Face, such as owner/name or owner/name@revision')
const malformed = (why: string) => fault({ code: 'MALFORMED', what: 'address', why })
