import { fault, faultOf } from '../../domain/fault.ts'
import { MAX_FILE } from '../../domain/manifest.ts'
import type { Reading } from '../../ports/model-source.ts'
import { failed } from './failures.ts'
import { request, SILENCE_MS, type Answer, type WebComponents } from './request.ts'

/** Times in a row that a connection may be cut, or nobody answer, before reading ends. */
const MAX_CUTS = 4
/** Milliseconds before the first attempt to go on; each further one waits twice as long. */
const PAUSE_MS = 500

/** What a server says of a file. */
export interface FileFacts {
  readonly size?: number
  readonly version?: string
}

export interface WebFileInit {
  readonly url: string
  /** What a person calls it. */
  readonly source: string
  /** What is known from elsewhere, and holds whatever the file's own server says. */
  readonly known?: FileFacts
}

interface ReadOptions {
  readonly from?: number
  readonly version?: string
  readonly signal?: AbortSignal
}

/** An answer with the file from some byte on. */
interface Opened extends Answer, FileFacts {
  readonly from: number
}

/** A file on a web server. */
export class WebFile {
  readonly #components: WebComponents
  readonly #init: WebFileInit
  /** What its server last said of it. */
  #seen: FileFacts | undefined

  constructor(components: WebComponents, init: WebFileInit) {
    this.#components = components
    this.#init = init
  }

  /** What the server says of it, without its bytes. Rejects with `SOURCE_FAILED`, `CANCELLED`. */
  async facts({ signal }: { signal?: AbortSignal } = {}): Promise<FileFacts & { readonly commit?: string }> {
    const { url, source } = this.#init
    const ask = (method: 'HEAD' | 'GET') => request(this.#components, url, { source, method, signal })
    // Some servers, and addresses that are signed for GET alone, refuse HEAD.
    const { response, hangUp } = await ask('HEAD').catch((error: unknown) => {
      if (faultOf(error).code === 'CANCELLED') throw error
      return ask('GET')
    })
    hangUp()
    this.#checkType(response)
    const commit = response.headers.get('x-repo-commit') ?? undefined
    this.#seen = this.#factsOf(response, 0)
    return { ...this.#seen, ...(commit === undefined ? {} : { commit }) }
  }

  /** Reads it from a byte on, where its bytes still are those of `version`; else from 0. */
  async read({ from = 0, version, signal }: ReadOptions = {}): Promise<Reading> {
    const resumes = version !== undefined && from > 0
    if (resumes) {
      const facts = this.#init.known ?? this.#seen ?? (await this.facts(signal ? { signal } : {}))
      if (from === facts.size && version === facts.version) return { ...facts, from, chunks: nothing() }
    }
    let opened = await this.#open(resumes ? from : 0, signal)
    if (opened.from > 0 && opened.version !== version) {
      opened.hangUp()
      opened = await this.#open(0, signal)
    }
    const { size, version: current } = opened
    return {
      ...(size === undefined ? {} : { size }),
      ...(current === undefined ? {} : { version: current }),
      from: opened.from,
      chunks: this.#chunks(opened, signal),
    }
  }

  async #open(from: number, signal: AbortSignal | undefined): Promise<Opened> {
    const { url, source } = this.#init
    const answer = await request(this.#components, url, { source, from, signal })
    const { response, hangUp } = answer
    try {
      if (response.status !== 416) this.#checkType(response)
      const facts = this.#factsOf(response, from)
      if (facts.size !== undefined && facts.size > MAX_FILE)
        throw fault({ code: 'TOO_LARGE', what: 'file', bytes: facts.size, limit: MAX_FILE })
      if (response.status === 206) return { ...answer, ...facts, from: this.#startOf(response, from) }
      if (response.status !== 416) return { ...answer, ...facts, from: 0 }
      // Nothing lies from there on: it is empty, or was made shorter since.
      if (from === 0) throw failed(source, 'empty')
    } catch (error) {
      hangUp()
      throw error
    }
    hangUp()
    return this.#open(0, signal)
  }

  /** The chunks of an answer, and of those that follow it wherever the connection is cut. */
  async *#chunks(first: Opened, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void, void> {
    const { source } = this.#init
    const { size, version } = first
    let at = first.from
    let opened: Opened | undefined = first
    try {
      for (let cuts = 0; ; cuts++) {
        if (cuts > MAX_CUTS) throw failed(source, 'cut')
        if (cuts > 0) await this.#pause(PAUSE_MS * 2 ** (cuts - 1), signal)
        opened ??= await this.#reopen(at, version, signal)
        // From the start again, where the server can begin nowhere else: what is here already goes by.
        let behind = opened === undefined ? 0 : at - opened.from
        while (opened !== undefined) {
          const chunk = await this.#next(opened, signal)
          if (chunk === 'cut') opened = undefined
          else if (chunk !== 'end') {
            const fresh = chunk.subarray(Math.min(behind, chunk.length))
            behind -= chunk.length - fresh.length
            at += fresh.length
            if (at > (size ?? MAX_FILE)) throw this.#tooLong(at, size)
            if (fresh.length > 0) cuts = 0
            if (fresh.length > 0) yield fresh
          } else if (size === undefined || at === size) return
          else opened = undefined
        }
      }
    } finally {
      opened?.hangUp()
    }
  }

  #tooLong(bytes: number, size: number | undefined) {
    if (size !== undefined) return failed(this.#init.source, 'longer')
    return fault({ code: 'TOO_LARGE', what: 'file', bytes, limit: MAX_FILE })
  }

  /** The file from a byte on, or from 0, where it still is the same; undefined where nobody answers. */
  async #reopen(at: number, version: string | undefined, signal: AbortSignal | undefined) {
    const { source } = this.#init
    // Without a name for these bytes, what follows might be another file's.
    if (version === undefined && at > 0) throw failed(source, 'cut')
    try {
      const opened = await this.#open(at, signal)
      if (opened.version === version) return opened
      opened.hangUp()
    } catch (error) {
      if (faultOf(error).code !== 'SOURCE_FAILED') throw error
      return undefined
    }
    throw failed(source, 'changed')
  }

  async #next({ response, hangUp }: Opened, signal: AbortSignal | undefined): Promise<Uint8Array | 'end' | 'cut'> {
    if (response.body === null) return 'end'
    const reader = response.body.getReader()
    const silent = this.#components.clock.after(SILENCE_MS, hangUp)
    try {
      const { done, value } = await reader.read()
      return done ? 'end' : value
    } catch {
      if (signal?.aborted) throw fault({ code: 'CANCELLED' })
      return 'cut'
    } finally {
      silent()
      reader.releaseLock()
    }
  }

  async #pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = this.#components.clock.after(ms, resolve)
    signal?.addEventListener('abort', () => resolve(), { once: true })
    await promise
    cancel()
    if (signal?.aborted) throw fault({ code: 'CANCELLED' })
  }

  #checkType(response: Response): void {
    if (/^text\/html\b/i.test(response.headers.get('content-type') ?? '')) throw failed(this.#init.source, 'page')
  }

  /** Size and name of the whole file, as far as an answer from `from` on tells them. */
  #factsOf({ status, headers }: Response, from: number): FileFacts {
    const { known } = this.#init
    const [, total] = /^bytes [^/]+\/(\d+)$/.exec(headers.get('content-range') ?? '') ?? []
    const encoded = /^(?!identity$)./.test(headers.get('content-encoding') ?? '')
    const length = encoded ? undefined : countIn(headers.get('content-length'))
    const rest = length === undefined ? undefined : status === 206 ? from + length : length
    const size = known?.size ?? countIn(total) ?? (status === 416 ? undefined : rest)
    const version = known?.version ?? versionIn(headers)
    return { ...(size === undefined ? {} : { size }), ...(version === undefined ? {} : { version }) }
  }

  /** Where a part begins. Browsers hide `Content-Range` unless the server exposes it: then the length has to fit. */
  #startOf({ headers }: Response, from: number): number {
    const { source, known } = this.#init
    const range = headers.get('content-range')
    const [, start] = /^bytes (\d+)-\d+\/(?:\d+|\*)$/.exec(range ?? '') ?? []
    if (range !== null && countIn(start) !== from) throw failed(source, 'offset')
    const length = countIn(headers.get('content-length'))
    if (range === null && known?.size !== undefined && length !== undefined && from + length !== known.size)
      throw failed(source, 'offset')
    return from
  }
}

const countIn = (text: string | null | undefined): number | undefined =>
  text !== null && text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined

/** What names these very bytes: a strong ETag, or else the moment of their last change. */
function versionIn(headers: Headers): string | undefined {
  const tag = headers.get('etag')
  if (tag !== null && tag.startsWith('"')) return tag.slice(0, 256)
  return headers.get('last-modified')?.slice(0, 256)
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
