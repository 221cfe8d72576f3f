import { consume } from '@lit/context'
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { sizeOf } from '../domain/manifest.ts'
import type { ModelSummary, Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { hostingContext, peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import type { Hosting } from './hosting.ts'
import { icon } from './icons.ts'
import { isNameShared, otherVersions } from './models/groups.ts'
import { cacheWords, holdersWords, runSize, shortKey, titleOf } from './models/model-words.ts'
import { saveFile } from './models/save-file.ts'
import './moot-copy.ts'
import './moot-model-bar.ts'
import './moot-model-facts.ts'
import { styles } from './moot-model.styles.ts'
import './moot-opinions.ts'
import { faultNote, note, waiting } from './notes.ts'
import { linkTo } from './route.ts'
import { stoneMark } from './stone-mark.ts'
import { byteSize, cut, flagWords, percent } from './words.ts'

/** Characters shown of a publisher's notes: all that a manifest holds. */
const NOTES_SHOWN = 2_000

/** One model: whose it is, what is here of it, what can be done with it, and all that its manifest says. */
@customElement('moot-model')
export class MootModel extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  @consume({ context: hostingContext }) hosting!: Hosting
  @property({ attribute: false }) modelId = ''
  /** Deleting was pressed once. */
  @state() private deleting = false
  @state() private exported = 0
  private readonly exporting = new Task<void>(this)

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
  }

  override render(): TemplateResult {
    const { room, models } = this.peer.view
    const model = models.find(({ id }) => id === this.modelId)
    return html`<a class="back" href=${linkTo(room, { name: 'models' })}>${icon('back')}All models</a> ${
        model
          ? this.renderModel(model, models)
          : html`<h1 tabindex="-1">No such model here</h1>
              <p>Nobody in this room says that they hold it. It may come back with a tab that does.</p>`
      }`
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('modelId')) return
    this.deleting = false
    this.exporting.cancel()
  }

  private renderModel(model: ModelSummary, models: readonly ModelSummary[]): TemplateResult {
    const { manifest, publisher, source } = model
    const flags = flagWords(model.opinions)
    return html`<header>
        <h1 tabindex="-1" title=${manifest.name}>
          ${cut(manifest.name, 64)} <span class="version">${cut(manifest.version, 32)}</span>
        </h1>
        <p class="who" title=${manifest.publisher}>
          ${stoneMark(manifest.publisher, '1.6em')}<span>by ${publisher}${source === 'mine' ? ' (you)' : ''}</span>
          <code>${shortKey(manifest.publisher)}</code>
          ${source === 'shipped' ? html`<span class="soft">comes with the app</span>` : nothing}
        </p>
        <p class="soft">
          ${byteSize(runSize(manifest))} · ${cacheWords(model)} ·
          ${holdersWords(model)}${model.pinned ? ' · pinned' : ''}
        </p>
      </header>
      ${flags === undefined ? nothing : note(flags, 'flag')}
      ${
        isNameShared(model, models)
          ? note(
              'Another key publishes a model of this name too. The name and the stone are made from the key: compare them.',
            )
          : nothing
      }
      ${this.renderActions(model)}
      <div class="pair">
        <section class="card"><moot-model-facts .manifest=${manifest}></moot-model-facts></section>
        <div class="stack">
          <section class="card"><moot-opinions .model=${model}></moot-opinions></section>
          ${this.renderVersions(model, models)}
        </div>
      </div>`
  }

  private renderActions(model: ModelSummary): TemplateResult {
    const { id, manifest, pinned, cached } = model
    const { pending, slow, fault } = this.exporting
    return html`<div class="actions">
      <moot-model-bar alone .model=${model}>
        <button aria-pressed=${pinned} @click=${() => this.attempt(() => this.peer.models.pin(id, !pinned))}>
          ${icon('pin')}${pinned ? 'Unpin' : 'Pin'}
        </button>
        <button ?disabled=${pending} @click=${() => this.export(model)}>${icon('download')}Export</button>
        <moot-copy label="Copy the CID" .text=${id}></moot-copy>
        ${
          cached && !this.deleting
            ? html`<button class="plain" @click=${this.askToDelete}>${icon('remove')}Delete from this device</button>`
            : nothing
        }
      </moot-model-bar>
      ${this.deleting ? this.renderDeletion(model) : nothing}
      ${slow ? waiting(...exportWords(this.exported, sizeOf(manifest.files))) : nothing} ${faultNote(fault)}
      ${pinned ? html`<p class="small soft">Pinned: it stays here, whatever else comes.</p>` : nothing}
    </div>`
  }

  private renderDeletion({ id, manifest, holders }: ModelSummary): TemplateResult {
    const last = holders.length === 0
    return html`<div class=${last ? 'note warning' : 'note'} role="group" aria-label="Delete">
      ${icon(last ? 'warning' : 'info')}
      <div class="stack">
        <p>
          ${
            last
              ? 'No other tab here holds it: once deleted, it is gone from this room.'
              : `${holdersWords({ holders, cached: true })}: it can be brought here again.`
          }
        </p>
        <div class="row">
          <button class="slim" @click=${() => this.delete(id)}>Delete ${titleOf(manifest)}</button>
          <button class="slim plain" @click=${this.leaveIt}>Leave it</button>
        </div>
      </div>
    </div>`
  }

  private renderVersions(model: ModelSummary, models: readonly ModelSummary[]): TemplateResult {
    const { notes, parent } = model.manifest
    const others = otherVersions(model, models)
    const before = models.find(({ id }) => id === parent)
    return html`<section class="card versions">
      <h2>Versions</h2>
      ${notes ? html`<p class="notes" dir="auto">${cut(notes, NOTES_SHOWN)}</p>` : nothing}
      ${others.length === 0 ? html`<p class="soft">The only one known here.</p>` : nothing}
      ${
        parent === undefined
          ? nothing
          : html`<p class="small soft">
              Comes after
              ${before ? this.renderLink(before) : html`<code>${cut(parent, 24)}</code>, which is not known here`}.
            </p>`
      }
      ${
        others.length === 0
          ? nothing
          : html`<ul>
              ${others.map((other) => html`<li>${this.renderLink(other)}</li>`)}
            </ul>`
      }
    </section>`
  }

  private renderLink({ id, manifest }: ModelSummary): TemplateResult {
    return html`<a href=${linkTo(this.peer.view.room, { name: 'model', id })}>${titleOf(manifest)}</a>`
  }

  private attempt(work: () => Promise<void>): void {
    void this.hosting.attempt(this.modelId, work)
  }

  private askToDelete(): void {
    this.deleting = true
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.note button')?.focus())
  }

  /** What had the focus is gone: it goes to the heading. */
  private leaveIt(): void {
    this.deleting = false
    this.renderRoot.querySelector('h1')?.focus()
  }

  private delete(id: string): void {
    this.leaveIt()
    this.attempt(() => this.peer.models.remove(id))
  }

  private export({ id, manifest }: ModelSummary): void {
    this.exported = 0
    void this.exporting.run((signal) =>
      saveFile(fileName(manifest), this.peer.models.exportCar(id, { signal }), (bytes) => (this.exported = bytes)),
    )
  }
}

/** Letters and digits alone: what a stranger wrote names a file on this device. */
const fileName = ({ name, version }: ModelSummary['manifest']): string =>
  `${`${name}-${version}`.replace(/[^\p{L}\p{N}.-]+/gu, '-').slice(0, 80)}.car`

const exportWords = (bytes: number, total: number): readonly [string, number] => {
  const share = Math.min(1, bytes / total)
  return [`Exporting: ${byteSize(bytes)} of ${byteSize(total)} (${percent(share)})`, share]
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-model': MootModel
  }
}
