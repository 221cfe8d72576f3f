import type { CDPSession, Page } from 'playwright'
import { encodeTensors } from './pack.ts'
import { fault } from '../../domain/fault.ts'
import type { Check } from '../../domain/checking.ts'
import type { ValueInfo } from '../../domain/manifest.ts'
import { askInPage, importInPage, untilLinked, type AnswerReport, type AskProgress } from './page.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { EngineKind } from '../../domain/states.ts'

/** Milliseconds for a tab to load, join and mesh on a busy machine. */
const PATIENCE = 60_000

export interface TabInit {
  readonly number: number
  readonly engine: EngineKind
}

/** A real tab of a rehearsal, driven as a person would: by its page. */
export class Tab {
  readonly number: number
  readonly engine: EngineKind
  readonly page: Page
  readonly #devtools: CDPSession
  #id = ''

  private constructor({ number, engine }: TabInit, page: Page, devtools: CDPSession) {
    this.number = number
    this.engine = engine
    this.page = page
    this.#devtools = devtools
    page.setDefaultTimeout(PATIENCE)
  }

  /** Opens the app, presses Join, and gives the device's whole time to the room. */
  static async join(page: Page, url: string, init: TabInit): Promise<Tab> {
    const tab = new Tab(init, page, await page.context().newCDPSession(page))
    await page.addInitScript(() =>
      addEventListener('click', () => Reflect.set(globalThis, 'joinPressedAt', performance.now()), {
        capture: true,
        once: true,
      }),
    )
    await page.goto(url)
    await page.getByRole('button', { name: 'Join', exact: true }).click()
    await page.waitForFunction(() => globalThis.moot !== undefined)
    tab.#id = await page.evaluate(async (engine) => {
      await globalThis.moot?.configure({ duty: 1, engine })
      return globalThis.moot?.id ?? ''
    }, init.engine)
    if (init.engine === 'gpu') await page.waitForFunction(() => globalThis.moot?.view.device.gpu.state === 'ready')
    return tab
  }

  get id(): string {
    return this.#id
  }

  /** Milliseconds from the click on Join until so many direct links were up. */
  linked(links: number): Promise<number> {
    return this.page.evaluate(untilLinked, links)
  }

  /** Resolves once this tab holds a direct link to another. */
  async knows(id: string): Promise<void> {
    await this.page.waitForFunction(
      (other) => globalThis.moot?.view.peers.some((peer) => peer.id === other && peer.path === 'direct'),
      id,
    )
  }

  /** The id of a model that this tab knows by its name, or nothing. */
  async model(name: string): Promise<string> {
    return this.page.evaluate(
      (wanted) => globalThis.moot?.view.models.find((model) => model.manifest.name === wanted)?.id ?? '',
      name,
    )
  }

  /** Imports files of this machine as a person would who changes nothing of what is proposed. Gives the model's id. */
  async host(paths: readonly string[]): Promise<string> {
    const field = await this.page.evaluateHandle(() => {
      const input = document.createElement('input')
      input.type = 'file'
      input.multiple = true
      return document.body.appendChild(input)
    })
    try {
      await field.setInputFiles([...paths])
      const imported = await field.evaluate(importInPage)
      if ('id' in imported) return imported.id
      throw fault(imported.fault ?? { code: 'CANCELLED' })
    } finally {
      await field.evaluate((input) => input.remove())
    }
  }

  /** A model's declared inputs, once this tab has heard of it. */
  async inputs(model: string): Promise<readonly ValueInfo[]> {
    const known = await this.page.waitForFunction(
      (id) => globalThis.moot?.view.models.find((other) => other.id === id)?.manifest.inputs,
      model,
    )
    return (await known.jsonValue()) ?? []
  }

  ask(options: { model: string; input: Tensors; check?: Check; watch?: string }): Promise<AnswerReport> {
    const { model, input, check, watch } = options
    return this.page.evaluate(askInPage, { model, input: encodeTensors(input), check, watch })
  }

  /** Calls back with each change of an ask that names it as `watch`. */
  async onProgress(name: string, listener: (progress: AskProgress) => void): Promise<void> {
    await this.page.exposeFunction(name, listener)
  }

  /** Ends this tab's renderer as a crash would: nothing in it runs another instruction. */
  async crash(): Promise<void> {
    const crashed = this.page.waitForEvent('crash')
    // The answer never comes: who would give it is gone.
    void this.#devtools.send('Page.crash').catch(() => {})
    await crashed
  }

  /** Bytes of JavaScript objects still in use after a forced collection. */
  async heap(): Promise<number> {
    await this.#devtools.send('HeapProfiler.enable')
    for (let i = 0; i < 3; i++) await this.#devtools.send('HeapProfiler.collectGarbage')
    const { usedSize } = await this.#devtools.send('Runtime.getHeapUsage')
    return usedSize
  }
}
