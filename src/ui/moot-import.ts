import { consume } from '@lit/context'
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import type { Fault } from '../domain/fault.ts'
import type {
  Import,
  ImportView,
  Inspection,
  ModelSummary,
  Peer,
  Proposal,
  SourceFile,
  Transfer,
} from '../peer/view.ts'
import type { Asks } from './asks.ts'
import { base } from './base.styles.ts'
import { asksContext, hostingContext, peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import type { Hosting } from './hosting.ts'
import { icon } from './icons.ts'
import { arithmeticWords, countWords, fractionOf, titleOf, transferWords, valueWords } from './models/model-words.ts'
import { styles } from './moot-import.styles.ts'
import './moot-proposal.ts'
import { faultNote, note } from './notes.ts'
import { linkTo } from './route.ts'
import { byteSize, cut } from './words.ts'

/** What each phase is headed by, and read out as it begins. */
const HEADINGS: Readonly<Record<ImportView['phase'], string>> = {
  looking: 'Looking what is there',
  choosing: 'Which file?',
  reading: 'Reading',
  checking: 'Checking it',
  ready: 'Describe it',
  signing: 'Signing',
  done: 'Published',
  failed: 'Not added',
}

/** Phases that go on by themselves. Their one button stays where it is, and keeps the focus. */
const STOPPABLE = new Set<ImportView['phase']>(['looking', 'reading', 'checking'])

/** Faults of the file itself: another try would come to the same. */
const OF_THE_FILE = new Set<Fault['code']>(['MODEL_REFUSED', 'MODEL_NOT_ONNX', 'MALFORMED', 'TOO_LARGE'])

/** Operators named; the others are counted. */
const OPERATORS_SHOWN = 12
/** Files offered, as a source lists them. */
const CHOICES_SHOWN = 64

/** An import, from the first look to the signature. */
@customElement('moot-import')
export class MootImport extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  @consume({ context: asksContext }) asks!: Asks
  @consume({ context: hostingContext }) hosting!: Hosting
  @state() private chosen: string | undefined
  private readonly publishing = new Task<ModelSummary>(this)
  private phase: ImportView['phase'] | undefined

  constructor() {
    super()
    void new Subscription(this, () => this.hosting)
  }

  override render(): TemplateResult {
    const going = this.hosting.import
    if (going === undefined) return html``
    const { view } = going
    return html`<section class="card" aria-label="Import">
      <header>
        <p class="small soft" title=${view.title}>${cut(view.title, 80)}</p>
        <h2 tabindex="-1">${HEADINGS[view.phase]}</h2>
        <p class="unseen" role="status">${HEADINGS[view.phase]}</p>
      </header>
      ${this.renderPhase(going, view)}
      ${
        STOPPABLE.has(view.phase)
          ? html`<div class="row"><button @click=${() => going.cancel()}>Cancel</button></div>`
          : nothing
      }
    </section>`
  }

  /** A phase that wants something of the person takes the focus to its heading: what they had it on is gone. */
  protected override updated(_: PropertyValues<this>): void {
    const phase = this.hosting.import?.view.phase
    if (phase === this.phase) return
    this.phase = phase
    if (phase && ['choosing', 'ready', 'done', 'failed'].includes(phase))
      this.renderRoot.querySelector<HTMLElement>('h2')?.focus()
  }

  private renderPhase(going: Import, view: ImportView): TemplateResult {
    switch (view.phase) {
      case 'looking':
        return html`<progress aria-label="Looking"></progress>`
      case 'choosing':
        return this.renderChoices(going, view.choices)
      case 'reading':
        return renderTransfer(view.transfer)
      case 'checking':
        return html`${view.inspection ? renderInspection(view.inspection) : nothing}
          <p>Running it on seeded inputs, to see whether it runs and how its numbers behave.</p>
          <progress aria-label="Checking"></progress>`
      case 'ready':
      case 'signing':
        return this.renderReady(going, view)
      case 'done':
        return this.renderDone(view.model)
      case 'failed':
        return this.renderFailed(view)
      default:
        return view.phase satisfies never
    }
  }

  private renderChoices(going: Import, choices: readonly SourceFile[]): TemplateResult {
    const chosen = this.chosen ?? choices[0]?.path
    return html`<form
      class="stack"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault()
        if (chosen !== undefined) going.choose(chosen)
      }}
    >
      <fieldset>
        <legend>${choices.length} ONNX files are there. Smaller ones are often quantised.</legend>
        <div class="choices">
          ${choices
            .slice(0, CHOICES_SHOWN)
            .map(
              ({ path, size }) =>
                html`<label title=${path}
                  ><input
                    type="radio"
                    name="variant"
                    .checked=${path === chosen}
                    @change=${() => (this.chosen = path)}
                  /><span>${cut(path, 80)}</span
                  ><span class="small soft">${size === undefined ? 'size unknown' : byteSize(size)}</span></label
                >`,
            )}
        </div>
      </fieldset>
      <div class="row">
        <button class="primary">Read this one</button>
        <button type="button" class="plain" @click=${() => this.hosting.dismiss()}>Cancel</button>
      </div>
    </form>`
  }

  private renderReady(going: Import, view: ImportView): TemplateResult {
    const { inspection, calibration, proposal } = view
    const outputs = calibration?.outputs ?? inspection?.outputs ?? []
    return html`${calibration?.note ? note(cut(calibration.note, 400)) : nothing}
    ${
      inspection
        ? html`<details>
            <summary>What the file says</summary>
            ${renderInspection({ ...inspection, outputs })}
          </details>`
        : nothing
    }
    ${
      proposal && inspection
        ? html`<moot-proposal
            .proposal=${proposal}
            .inputs=${inspection.inputs}
            .outputs=${outputs}
            .busy=${view.phase === 'signing' || this.publishing.pending}
            @moot-proposal=${(event: CustomEvent<Proposal>) => this.publishing.run(() => going.publish(event.detail))}
          >
            <button class="plain" @click=${() => this.hosting.dismiss()}>Don't add it</button>
          </moot-proposal>`
        : nothing
    }
    ${faultNote(this.publishing.fault)}`
  }

  private renderDone(model: ModelSummary | undefined): TemplateResult {
    const { room } = this.peer.view
    return html`<p>
        ${model ? html`<strong>${titleOf(model.manifest)}</strong> is` : 'It is'} listed in this room, signed with your
        key.
      </p>
      <div class="row">
        ${
          model
            ? html`<button class="primary" @click=${() => this.ask(model)}>${icon('ask')}Ask it</button>
                <a class="button" href=${linkTo(room, { name: 'model', id: model.id })}>See it</a>`
            : nothing
        }
        <button @click=${() => this.hosting.dismiss()}>${icon('add')}Add another</button>
      </div>`
  }

  private renderFailed({ fault }: ImportView): TemplateResult {
    const { origin } = this.hosting
    const isOfTheFile = fault !== undefined && OF_THE_FILE.has(fault.code)
    return html`${fault?.code === 'CANCELLED' ? html`<p>Cancelled. What was read stays for another try.</p>` : faultNote(fault)}
      <div class="row">
        ${
          origin && !isOfTheFile
            ? html`<button @click=${() => this.hosting.start(origin)}>${icon('again')}Try again</button>`
            : nothing
        }
        <button @click=${() => this.hosting.dismiss()}>${icon('back')}Choose another</button>
      </div>`
  }

  private ask(model: ModelSummary): void {
    this.asks.draft = { ...this.asks.draft, model: model.id }
    location.hash = linkTo(this.peer.view.room, { name: 'ask' })
    this.hosting.dismiss()
  }
}

/** Bytes, of how many, and how long yet. */
function renderTransfer(transfer: Transfer | undefined): TemplateResult {
  const fraction = transfer && fractionOf(transfer)
  return html`${
      fraction === undefined
        ? html`<progress aria-label="Reading"></progress>`
        : html`<progress aria-label="Reading" max="1" .value=${fraction}></progress>`
    }
    <p class="small soft figures">${transfer ? transferWords(transfer) : 'Asking for the first bytes'}</p>`
}

/** What a file says of itself. */
function renderInspection(inspection: Inspection): TemplateResult {
  const { inputs, outputs, operators, parameters, memory, opset } = inspection
  const more = operators.length - OPERATORS_SHOWN
  const named = operators.slice(0, OPERATORS_SHOWN).map(({ type, count }) => `${cut(type, 40)} × ${count}`)
  const values = (list: Inspection['inputs']) =>
    html`<ul>
      ${list.map((value) => html`<li title=${value.name}><code>${cut(value.name, 40)}</code> ${valueWords(value)}</li>`)}
    </ul>`
  return html`<dl>
    <dt>Inputs</dt>
    <dd>${values(inputs)}</dd>
    <dt>Outputs</dt>
    <dd>${outputs.length === 0 ? 'for the engine to find out' : values(outputs)}</dd>
    <dt>Operators</dt>
    <dd>${named.join(' · ')}${more > 0 ? ` and ${more} more` : ''} <span class="soft">(opset ${opset})</span></dd>
    <dt>Parameters</dt>
    <dd>${countWords(parameters)}</dd>
    <dt>Memory</dt>
    <dd>about ${byteSize(memory)} for a run</dd>
    <dt>Arithmetic</dt>
    <dd>${arithmeticWords(inspection)}</dd>
  </dl>`
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-import': MootImport
  }
}
