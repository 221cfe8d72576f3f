import { fault } from '../../domain/fault.ts'
import { isRepository } from '../../domain/model-origin.ts'
import type { ModelOrigin, ModelSource, SourceListing } from '../../ports/model-source.ts'
import { failed, SourceError, type Failure } from './failures.ts'
import { readRepository, WELL_KNOWN, type HubFile, type Repository } from './hub-listing.ts'
import { encodedPath } from './paths.ts'
import type { WebComponents } from './request.ts'
import { WebFile } from './web-file.ts'

export interface HubInit {
  /** Where the hub is, without a slash at its end. */
  readonly hub: string
  readonly origin: Extract<ModelOrigin, { kind: 'hub' }>
}

/** How the list of files may fail, and the files still be there: a mirror has them and no list. */
const NO_LIST: readonly Failure[] = ['nothing', 'permission', 'refused', 'page', 'cors', 'noAnswer']
/** How a file fails that is not there. Many servers let other sites read what they have, and not that they have nothing. */
const NO_FILE: readonly Failure[] = ['nothing', 'permission', 'refused', 'page', 'cors']

/** A repository of Hugging Face, or of a site with its layout, as it is at one commit. */
export class HubSource implements ModelSource {
  readonly #components: WebComponents
  readonly #init: HubInit
  #looked: Promise<Repository> | undefined

  constructor(components: WebComponents, init: HubInit) {
    if (!isRepository(init.origin.repository))
      throw fault({ code: 'MALFORMED', what: 'repository', why: 'it is not of the form owner/name' })
    this.#components = components
    this.#init = init
  }

  async list(options: { signal?: AbortSignal } = {}): Promise<SourceListing> {
    const { origin, hub } = this.#init
    const { files, revision, licence, task } = await this.#look(options)
    const { repository } = origin
    return {
      name: repository.split('/').at(-1) ?? repository,
      address: `${hub}/${repository}/tree/${encodeURIComponent(revision)}`,
      revision,
      ...(licence === undefined ? {} : { licence }),
      ...(task === undefined ? {} : { task }),
      files: files.map(({ path, size }) => ({ path, ...(size === undefined ? {} : { size }) })),
    }
  }

  async read(path: string, options: { from?: number; version?: string; signal?: AbortSignal } = {}) {
    const { files, revision } = await this.#look(options)
    return this.#file(files.find((file) => file.path === path) ?? { path }, revision).read(options)
  }

  #look({ signal }: { signal?: AbortSignal }): Promise<Repository> {
    const looked = (this.#looked ??= this.#askForList(signal).catch((error: unknown) => {
      this.#looked = undefined
      throw error
    }))
    return looked
  }

  async #askForList(signal: AbortSignal | undefined): Promise<Repository> {
    const { origin, hub } = this.#init
    const { repository, revision = 'main' } = origin
    const url = `${hub}/api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`
    try {
      const list = new WebFile(this.#components, { url, source: repository })
      return await readRepository(await list.read(signal ? { signal } : {}), { repository, revision })
    } catch (error) {
      if (!isOneOf(NO_LIST, error)) throw error
      return (await this.#tryFiles(revision, signal)) ?? this.#without(error)
    }
  }

  /** Asks for each file by the name that such files go by. Undefined where none is there. */
  async #tryFiles(asked: string, signal: AbortSignal | undefined): Promise<Repository | undefined> {
    let revision = asked
    const tried = await Promise.all(
      WELL_KNOWN.map(async (path): Promise<readonly HubFile[]> => {
        try {
          const { commit, size } = await this.#file({ path }, asked).facts(signal ? { signal } : {})
          if (commit !== undefined && /^[0-9a-f]{7,64}$/.test(commit)) revision = commit
          return [{ path, ...(size === undefined ? {} : { size }) }]
        } catch (error) {
          if (isOneOf(NO_FILE, error)) return []
          throw error
        }
      }),
    )
    const files = tried.flat()
    return files.length === 0 ? undefined : { revision, files }
  }

  /** A hub says the same of what is hidden and of what does not exist. */
  #without(error: SourceError): never {
    if (error.failure !== 'nothing' && error.failure !== 'permission') throw error
    throw failed(this.#init.origin.repository, 'noRepository')
  }

  #file({ path, size, version }: HubFile, revision: string): WebFile {
    const { hub, origin } = this.#init
    const { repository } = origin
    return new WebFile(this.#components, {
      url: `${hub}/${repository}/resolve/${encodeURIComponent(revision)}/${encodedPath(path)}`,
      source: `${path} of ${repository}`,
      // At one commit these are the bytes, wherever the hub has them served from.
      ...(size === undefined || version === undefined ? {} : { known: { size, version } }),
    })
  }
}

const isOneOf = (failures: readonly Failure[], error: unknown): error is SourceError =>
  error instanceof SourceError && failures.includes(error.failure)
