import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How a server may misbehave with a path. */
export interface Misbehaviour {
  /** Knows no ranges: always sends the whole. */
  readonly ranges?: false
  /** Says nothing to pages of other sites. */
  readonly cors?: false
  readonly status?: number
  /** Sends whoever asks elsewhere; `self` for ever. */
  readonly redirect?: string
  /** Takes the question and never answers. */
  readonly silent?: true
  /** Cuts the connection where so many bytes of the file have gone by, so many times. */
  readonly cut?: { readonly at: number; times: number }
  /** Answers with a web page. */
  readonly page?: true
  /** What it says the length is, more or less than what it sends. */
  readonly length?: number
  readonly etag?: string
  /** No name for the bytes at all. */
  readonly unnamed?: true
  /** Refuses to be asked for the headers alone. */
  readonly head?: false
  /** Another part than was asked for. */
  readonly offset?: number
}

export interface Asked {
  readonly method: string
  readonly path: string
  /** The first byte that was asked for. */
  readonly from: number
  /** Bytes of the file that were sent. */
  sent: number
}

export interface HubRepository {
  readonly files: Readonly<Record<string, Uint8Array>>
  /** Fields of the hub's own list, put over what it would be. */
  readonly info?: object
  /** Where there is no list: `/api` is not there. */
  readonly listed?: false
}

/** The commit at which every repository is. */
export const COMMIT = 'c0ffee'.repeat(6) + 'c0ff'

/** A loopback server with the layout of Hugging Face, and plain files beside. It does as it is told, wrong things too. */
export class Hub {
  readonly asked: Asked[] = []
  /** Plain files by path, with the slash. */
  readonly files = new Map<string, Uint8Array>()
  readonly repositories = new Map<string, HubRepository>()
  /** By path, or for all of them: `*`. */
  readonly wrong = new Map<string, Misbehaviour>()
  readonly #server = createServer((request, response) => this.#answer(request, response))

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    const stopped = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await stopped
  }

  /** Bytes sent of each path, in the order of the asking. */
  readsOf(path: string): readonly Asked[] {
    return this.asked.filter((asked) => asked.method === 'GET' && asked.path === path)
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', this.url)
    const path = decodeURIComponent(pathname)
    const [, first] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? []
    const asked: Asked = { method: request.method ?? '', path, from: Number(first ?? 0), sent: 0 }
    this.asked.push(asked)
    const wrong = { ...this.wrong.get('*'), ...this.wrong.get(path) }
    if (wrong.cors !== false) allow(response)
    if (path.startsWith(MENDED)) {
      this.wrong.delete(path.slice(MENDED.length))
      return end(response, 204)
    }
    if (wrong.silent) return
    if (wrong.redirect !== undefined)
      return end(response, 302, { location: wrong.redirect === 'self' ? pathname : wrong.redirect })
    if (wrong.status !== undefined) return end(response, wrong.status)
    if (wrong.head === false && request.method === 'HEAD') return end(response, 405)
    if (wrong.page) return end(response, 200, { 'content-type': 'text/html; charset=utf-8' }, '<!doctype html>')
    // As a real one: only what needs no consent beforehand is answered to other sites.
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405)
    const listed = this.#list(path)
    if (listed !== undefined) return end(response, 200, { 'content-type': 'application/json' }, listed)
    const body = this.#file(path)
    if (body === undefined) return end(response, 404)
    send(response, { body, wrong, asked, head: request.method === 'HEAD', ranged: first !== undefined })
  }

  #list(path: string): string | undefined {
    const [, name = ''] = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/.+$/.exec(path) ?? []
    const repository = this.repositories.get(name)
    if (repository === undefined || repository.listed === false) return undefined
    const siblings = Object.entries(repository.files).map(([rfilename, body]) => ({
      rfilename,
      size: body.length,
      blobId: createHash('sha1').update(body).digest('hex'),
      ...(body.length < 1024
        ? {}
        : { lfs: { size: body.length, sha256: createHash('sha256').update(body).digest('hex') } }),
    }))
    return JSON.stringify({ id: name, sha: COMMIT, private: false, gated: false, siblings, ...repository.info })
  }

  #file(path: string): Uint8Array | undefined {
    const [, name = '', file = ''] = /^\/([^/]+\/[^/]+)\/resolve\/[^/]+\/(.+)$/.exec(path) ?? []
    return this.repositories.get(name)?.files[file] ?? this.files.get(path)
  }
}

function allow(response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-expose-headers', 'ETag, Content-Range, X-Repo-Commit')
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}, body = ''): void {
  response.writeHead(status, headers)
  response.end(body)
}

/** Asking for this path before that of a file mends what is wrong with the file: for tests that run in a browser. */
const MENDED = '/mended'

interface Sending {
  readonly body: Uint8Array
  readonly wrong: Misbehaviour
  readonly asked: Asked
  readonly head: boolean
  readonly ranged: boolean
}

function send(response: ServerResponse, { body, wrong, asked, head, ranged }: Sending): void {
  const from = ranged && wrong.ranges !== false ? asked.from : 0
  if (ranged && wrong.ranges !== false && from >= body.length)
    return end(response, 416, { 'content-range': `bytes */${body.length}` })
  const part = body.subarray(from)
  const start = from + (wrong.offset ?? 0)
  response.writeHead(ranged && wrong.ranges !== false && !head ? 206 : 200, {
    'content-type': 'application/octet-stream',
    'content-length': String(wrong.length ?? part.length),
    'x-repo-commit': COMMIT,
    ...(wrong.unnamed ? {} : { etag: wrong.etag ?? `"${createHash('sha1').update(body).digest('hex')}"` }),
    ...(ranged && wrong.ranges !== false && !head
      ? { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` }
      : {}),
  })
  if (head) return void response.end()
  const { cut } = wrong
  const cuts = cut !== undefined && cut.times > 0
  const sent = cuts ? body.subarray(from, Math.max(from, cut.at)) : part
  if (cuts) cut.times -= 1
  asked.sent = sent.length
  response.write(sent, () => (cuts || (wrong.length ?? 0) > part.length ? response.socket?.destroy() : response.end()))
}
