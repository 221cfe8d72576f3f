import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright'
import { ensureChromium } from '../../adapters/chromium/ensure-chromium.ts'
import { launchChromium } from '../../adapters/chromium/launch-chromium.ts'
import { serveApp } from '../../adapters/http/app.ts'
import { startHttpServer, type HttpServer } from '../../adapters/http/server.ts'
import type { EngineKind } from '../../domain/states.ts'
import { buildIfNeeded, DIST } from '../build-app.ts'
import { Tab } from './tab.ts'

const HOST = '127.0.0.1'
const RELAY = join(import.meta.dirname, '..', 'relay.ts')

export interface OpenTab {
  readonly number: number
  readonly engine?: EngineKind
  readonly fault?: string | undefined
}

/** Everything that a rehearsal needs around its tabs: the app on a port, a relay in a process of its own, one browser. */
export class Stage {
  readonly #browser: Browser
  readonly #context: BrowserContext
  readonly #server: HttpServer
  readonly #folder: string
  readonly #ports: { readonly relay: number; readonly http: number }
  readonly #room = `rehearsal-${process.pid}`
  #relay: ChildProcess | undefined
  #address = ''

  private constructor(parts: {
    browser: Browser
    context: BrowserContext
    server: HttpServer
    folder: string
    ports: { relay: number; http: number }
  }) {
    this.#browser = parts.browser
    this.#context = parts.context
    this.#server = parts.server
    this.#folder = parts.folder
    this.#ports = parts.ports
  }

  static async open({ signal }: { signal: AbortSignal }): Promise<Stage> {
    ensureChromium()
    await buildIfNeeded({ signal })
    const browser = await launchChromium()
    const context = await browser.newContext()
    const server = await startHttpServer({ host: HOST, port: 0, routes: {}, otherwise: serveApp(DIST) })
    const folder = await mkdtemp(join(tmpdir(), 'moot-rehearsal-'))
    const ports = { relay: await freePort(), http: await freePort() }
    const stage = new Stage({ browser, context, server, folder, ports })
    await stage.startRelay()
    return stage
  }

  /** Starts the relay, or starts it again with the key it had. */
  async startRelay(): Promise<void> {
    const { relay, http } = this.#ports
    const args = ['--host', HOST, '--port', relay, '--http-host', HOST, '--http-port', http, '--data', this.#folder]
    const child = spawn(process.execPath, [RELAY, ...args.map(String)], { stdio: ['ignore', 'ignore', 'inherit'] })
    // However this process ends, the relay does not outlive it.
    process.once('exit', () => child.kill('SIGKILL'))
    this.#relay = child
    const relays = await answered(`http://${HOST}:${http}/relays.json`, child)
    this.#address = relays.find((address) => address.includes(`/tcp/${relay}/ws`)) ?? ''
  }

  /** Ends the relay at once: it says goodbye to nobody. */
  async killRelay(): Promise<void> {
    const child = this.#relay
    this.#relay = undefined
    if (child?.exitCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  /** The app's address in the rehearsal's room, with a tab's switches. */
  url({ engine = 'cpu', fault }: Omit<OpenTab, 'number'>): string {
    const url = new URL(`http://localhost:${this.#server.port}/`)
    url.searchParams.set('relay', this.#address)
    if (engine === 'gpu') url.searchParams.set('gpu', 'emulated')
    if (fault !== undefined) url.searchParams.set('fault', fault)
    url.hash = `/r/${this.#room}`
    return url.href
  }

  /** A page of the same browser, at no address yet. */
  emptyPage(): Promise<Page> {
    return this.#context.newPage()
  }

  async openTab({ number, engine = 'cpu', fault }: OpenTab): Promise<Tab> {
    return Tab.join(await this.emptyPage(), this.url({ engine, fault }), { number, engine })
  }

  async close(): Promise<void> {
    await this.#browser.close()
    await Promise.all([this.killRelay(), this.#server.stop()])
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** A TCP port of loopback that nobody listens on now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** The relays that a starting relay lists, once it answers. Rejects where its process ends first. */
async function answered(url: string, relay: ChildProcess): Promise<readonly string[]> {
  while (relay.exitCode === null) {
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok) return ((await response.json()) as { relays: string[] }).relays
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('The relay could not be started: see what is printed above.')
}
