import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
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
  /** One for each tab, which are devices of their own: tabs of one context share what they store. */
  readonly #contexts = new Map<number, BrowserContext>()
  readonly #server: HttpServer
  readonly #folder: string
  readonly #room = `rehearsal-${process.pid}`
  #relay: ChildProcess | undefined
  #address = ''

  private constructor(parts: { browser: Browser; server: HttpServer; folder: string }) {
    this.#browser = parts.browser
    this.#server = parts.server
    this.#folder = parts.folder
  }

  static async open({ signal }: { signal: AbortSignal }): Promise<Stage> {
    ensureChromium()
    await buildIfNeeded({ signal })
    const browser = await launchChromium()
    const server = await startHttpServer({ host: HOST, port: 0, routes: {}, otherwise: serveApp(DIST) })
    const folder = await mkdtemp(join(tmpdir(), 'moot-rehearsal-'))
    const stage = new Stage({ browser, server, folder })
    await stage.startRelay()
    return stage
  }

  /** Starts the relay, on a port that the system chooses, or starts it again where it was and with the key it had. */
  async startRelay(): Promise<void> {
    const [, port = '0'] = /\/tcp\/(\d+)\/ws/.exec(this.#address) ?? []
    const args = [
      '--host',
      HOST,
      '--port',
      port,
      '--webrtc-direct-port',
      'off',
      '--http-port',
      '0',
      '--data',
      this.#folder,
    ]
    const child = spawn(process.execPath, [RELAY, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    // However this process ends, the relay does not outlive it.
    const end = () => child.kill('SIGKILL')
    process.once('exit', end)
    child.once('exit', () => process.off('exit', end))
    this.#relay = child
    this.#address = await addressOf(child)
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

  /** A page on the device of a tab, at no address yet: a tab that is opened again finds what it stored. */
  async emptyPage(number: number): Promise<Page> {
    const context = this.#contexts.get(number) ?? (await this.#browser.newContext())
    this.#contexts.set(number, context)
    return context.newPage()
  }

  async openTab({ number, engine = 'cpu', fault }: OpenTab): Promise<Tab> {
    return Tab.join(await this.emptyPage(number), this.url({ engine, fault }), { number, engine })
  }

  async close(): Promise<void> {
    await this.#browser.close()
    await Promise.all([this.killRelay(), this.#server.stop()])
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** The address that a starting relay prints. Rejects where its process ends first. */
async function addressOf(relay: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  for await (const line of createInterface(relay.stdout)) {
    if (!line.startsWith('{')) continue
    const [address] = (JSON.parse(line) as { relays: string[] }).relays
    if (address !== undefined) return address
  }
  throw new Error('The relay could not be started: see what is printed above.')
}
