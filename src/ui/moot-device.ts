import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { faultOf, sentence, type Fault } from '../domain/fault.ts'
import type { DeviceView, Peer, Settings } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { controls } from './controls.styles.ts'
import { engineMark } from './engine-mark.ts'
import { icon } from './icons.ts'
import { CACHES, DUTIES, recall, remember } from './join-memory.ts'
import './moot-diagnoses.ts'
import './moot-key.ts'
import './moot-records.ts'
import { styles } from './moot-device.styles.ts'
import { faultNote, note, waiting } from './notes.ts'
import { linkTo } from './route.ts'
import { segments } from './segments.ts'
import { byteSize, cut, engineName, milliseconds, percent } from './words.ts'

/** Bytes a second of models that a person may let others have: none said, a good line, a slow one. */
const UPLOADS = [
  [0, 'No limit'],
  [4 * 1024 ** 2, '4 MiB/s'],
  [1024 ** 2, '1 MiB/s'],
] as const

/** What this device gives and with what, the records that it holds, and its key. */
@customElement('moot-device')
export class MootDevice extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  @state() private fault: Fault | undefined

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { device } = this.peer.view
    return html`<h1 tabindex="-1">My device</h1>
      ${faultNote(this.fault)}
      <div class="grid">
        ${this.renderUse(device)} ${this.renderEngine(device)} ${this.renderBudget(device)}
        ${this.renderStorage(device)}
        ${
          looksAtGpu(device)
            ? html`<moot-diagnoses class="wide" @moot-use-cpu=${() => this.set({ engine: 'cpu' })}></moot-diagnoses>`
            : nothing
        }
        <moot-records class="card"></moot-records>
        <moot-key class="card"></moot-key>
      </div>`
  }

  private renderUse({ settings, used, computedMs, jobsRun, jobsUnderWay }: DeviceView): TemplateResult {
    const { paused, watching, duty } = settings
    return html`<section class="card">
      <h2>Used for others</h2>
      <p class="figure">${percent(used)} <span>of the last minute</span></p>
      <div class="gauge" aria-hidden="true" style=${`--used:${used};--duty:${duty}`}><i></i><b></b></div>
      <p class="small soft">
        At most ${percent(duty)}. ${jobsRun} jobs run, ${milliseconds(computedMs)} computed since this tab opened;
        ${jobsUnderWay} under way.
      </p>
      <div class="row">
        <button class=${paused ? 'primary' : ''} aria-pressed=${paused} @click=${() => this.set({ paused: !paused })}>
          ${icon(paused ? 'resume' : 'pause')}${paused ? 'Resume' : 'Pause'}
        </button>
        <button aria-pressed=${watching} @click=${() => this.set({ watching: !watching })}>
          ${icon('eye')}${watching ? 'Take part' : 'Watch only'}
        </button>
      </div>
    </section>`
  }

  private renderEngine({ settings, engine, build, gpu, fault }: DeviceView): TemplateResult {
    const noGpu = !('gpu' in navigator)
    return html`<section class="card">
      <h2>Engine</h2>
      <p>
        ${engineMark(engine)} <strong>${engineName(engine)}</strong>
        <span class="soft" title=${build}>${cut(build, 60)}</span>
      </p>
      ${fault ? note(`${sentence(fault)} This tab asks and watches, and runs no job.`) : nothing}
      ${
        noGpu
          ? note("This browser can't use your GPU. Join with the CPU or watch.")
          : html`${this.renderChoice(
              'engine',
              'Compute with',
              (['cpu', 'gpu'] as const).map((kind) => [
                engineName(kind),
                settings.engine === kind,
                () => this.set({ engine: kind }),
              ]),
            )}
            ${gpuWords(gpu)}`
      }
    </section>`
  }

  private renderBudget({ settings, uploadedBytes }: DeviceView): TemplateResult {
    return html`<section class="card">
      <h2>Budget</h2>
      ${this.renderChoice(
        'duty',
        'Computing for others, at most',
        DUTIES.map((duty) => [percent(duty), settings.duty === duty, () => this.set({ duty })]),
      )}
      ${this.renderChoice('court', 'Computing for', [
        ['Whoever asks', !settings.needsCourt, () => this.set({ needsCourt: false })],
        ['Those with whom I share a court', settings.needsCourt, () => this.set({ needsCourt: true })],
      ])}
      ${this.renderChoice(
        'upload',
        'Models sent to others, at most',
        UPLOADS.map(([uploadBytesPerSecond, label]) => [
          label,
          settings.uploadBytesPerSecond === uploadBytesPerSecond,
          () => this.set({ uploadBytesPerSecond }),
        ]),
      )}
      <p class="small soft">${byteSize(uploadedBytes)} sent since this tab opened.</p>
    </section>`
  }

  private renderStorage({ settings, cachedBytes, storage }: DeviceView): TemplateResult {
    const { room, models } = this.peer.view
    const inMemory = models.filter((model) => model.inMemory).length
    const share = Math.min(1, cachedBytes / settings.cacheBytes)
    return html`<section class="card">
      <h2>Storage</h2>
      <p class="figure">${byteSize(cachedBytes)} <span>of models are kept here</span></p>
      <div class="gauge" aria-hidden="true" style=${`--used:${share}`}><i></i></div>
      ${this.renderChoice(
        'cache',
        'Kept here, at most',
        cacheSizes(settings.cacheBytes).map((cacheBytes) => [
          byteSize(cacheBytes),
          settings.cacheBytes === cacheBytes,
          () => this.set({ cacheBytes }),
        ]),
      )}
      ${inMemory === 0 ? nothing : note(`${inMemory} run from memory: there is no room for them here.`, 'warning')}
      <p class="small soft">${storageWords(storage)}</p>
      <div class="row"><a href=${linkTo(room, { name: 'models' })}>Choose what stays, under Models</a></div>
    </section>`
  }

  private renderChoice(...choice: Parameters<typeof segments>): TemplateResult {
    return html`<fieldset>${segments(...choice)}</fieldset>`
  }

  /** Also tells the Join screen, so that the next visit begins with what was chosen last. */
  private set(change: Partial<Settings>): void {
    this.fault = undefined
    remember({ ...recall(), ...change })
    this.peer.configure(change).catch((error: unknown) => (this.fault = faultOf(error)))
  }
}

/** Whether there is anything to find, or found, in what its GPU computes. */
const looksAtGpu = ({ diagnoses, gpu, settings }: DeviceView): boolean =>
  diagnoses.length > 0 ||
  (settings.engine === 'gpu' &&
    (gpu.state === 'ready' || (gpu.state === 'refused' && gpu.fault.code === 'SELF_TEST_FAILED')))

/** Those that may be chosen, and what holds now where it is none of them. */
const cacheSizes = (now: number): readonly number[] =>
  CACHES.includes(now) ? CACHES : [...CACHES, now].toSorted((a, b) => a - b)

/** What the browser says of its storage. */
function storageWords(storage: DeviceView['storage']): string {
  if (storage === undefined) return 'This browser does not say how much room there is.'
  const { quota, used, persistent } = storage
  const promise = persistent
    ? 'It has promised to keep it.'
    : 'It may clear this when the device runs low: what must not be lost should be held by another tab too.'
  return `This browser lets this site use ${byteSize(quota)}, of which ${byteSize(used)} are in use. ${promise}`
}

function gpuWords(gpu: DeviceView['gpu']): TemplateResult | typeof nothing {
  switch (gpu.state) {
    case 'ready':
      return html`<p class="small soft" title=${gpu.adapter}>
        GPU checked against the reference: ${cut(gpu.adapter, 60)}
      </p>`
    case 'starting':
      return waiting('Checking this GPU against the reference')
    case 'refused':
      return note(sentence(gpu.fault), 'warning')
    case 'off':
      return html`<p class="small soft">The GPU is not in use.</p>`
    default:
      return gpu satisfies never
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-device': MootDevice
  }
}
