import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { FIRST_CHARTER } from '../domain/charter.ts'
import { fault, faultOf, type Fault } from '../domain/fault.ts'
import { MAX_REPLICATION } from '../domain/messages.ts'
import { tensorsFromJson } from '../domain/tensor-json.ts'
import type { Tensors } from '../domain/tensor.ts'
import type { ModelSummary, Peer } from '../peer/view.ts'
import type { Asks } from './asks.ts'
import { base } from './base.styles.ts'
import { asksContext, peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { controls } from './controls.styles.ts'
import { icon, type IconName } from './icons.ts'
import './moot-digit-pad.ts'
import './moot-history.ts'
import './moot-invite.ts'
import './moot-model-choice.ts'
import './moot-numbers.ts'
import './moot-picture-drop.ts'
import { styles } from './moot-ask.styles.ts'
import { faultNote, note } from './notes.ts'
import { pictureTensor, readsInk, type Pixels } from './picture/picture-tensor.ts'
import { renderStrokes, type Stroke } from './picture/strokes.ts'
import { linkTo } from './route.ts'
import { tabs } from './words.ts'

/** Ways to give a model its input. */
type Way = 'draw' | 'picture' | 'numbers'

const WAYS: Readonly<Record<Way, readonly [drawing: IconName, label: string]>> = {
  draw: ['ask', 'Draw'],
  picture: ['picture', 'Picture'],
  numbers: ['numbers', 'Numbers'],
}

/** Asking: a model, an input, and how many tabs are to answer. */
@customElement('moot-ask')
export class MootAsk extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  @consume({ context: asksContext }) asks!: Asks

  @state() private chosen: string | undefined
  @state() private way: Way = 'draw'
  @state() private strokes: readonly Stroke[] = []
  @state() private picture: Pixels | undefined
  @state() private numbers = ''
  @state() private replication = FIRST_CHARTER.verification.replication
  @state() private fault: Fault | undefined

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
    void new Subscription(this, () => this.asks)
  }

  override render(): TemplateResult {
    const { room, models, peers } = this.peer.view
    const model = models.find(({ id }) => id === this.chosen) ?? models[0]
    const others = peers.filter((peer) => !peer.blocked && !peer.watching && !peer.paused).length
    return html`<h1 tabindex="-1">Ask</h1>
      <div class="columns">
        <section class="input" aria-label="Input">${model && this.renderInput(model)}</section>
        <div class="go">
          ${faultNote(this.fault)}
          <button class="primary" ?disabled=${model === undefined} @click=${() => model && this.ask(model)}>Ask</button>
          <p class="small soft">The tabs that answer can read what you ask.</p>
        </div>
        <section class="settings" aria-label="How to ask">
          <moot-model-choice
            .chosen=${model?.id}
            @moot-model=${(event: CustomEvent<ModelSummary>) => this.choose(event.detail)}
          ></moot-model-choice>
          ${this.renderReplication(others)}
        </section>
        ${this.renderAfter(room, others)}
      </div>`
  }

  private renderAfter(room: string, others: number): TemplateResult | typeof nothing {
    if (others > 0 && this.asks.answers.length === 0) return nothing
    return html`<section class="after" aria-label="Room and history">
      ${
        others === 0
          ? html`${note(html`You're the only tab: answers will say <em>one tab</em>. Invite another:`)}
              <moot-invite .room=${room}></moot-invite>`
          : nothing
      }
      ${
        this.asks.answers.length > 0
          ? html`<h2>Asked here</h2>
              <moot-history .room=${room}></moot-history>`
          : nothing
      }
    </section>`
  }

  private renderInput(model: ModelSummary): TemplateResult {
    const ways = waysOf(model)
    const way = this.wayFor(model)
    return html`${
      ways.length > 1
        ? html`<div class="segments" role="radiogroup" aria-label="Kind of input">
            ${ways.map((each) => {
              const [drawing, label] = WAYS[each]
              const choose = () => (this.way = each)
              return html`<label
                ><input type="radio" name="way" .checked=${each === way} @change=${choose} /><span
                  >${icon(drawing)}${label}</span
                ></label
              >`
            })}
          </div>`
        : nothing
    }
    ${
      way === 'draw'
        ? html`<moot-digit-pad
            .strokes=${this.strokes}
            @moot-strokes=${(event: CustomEvent<readonly Stroke[]>) => this.set({ strokes: event.detail })}
          ></moot-digit-pad>`
        : way === 'picture'
          ? html`<moot-picture-drop
              .picture=${this.picture}
              @moot-picture=${(event: CustomEvent<Pixels>) => this.set({ picture: event.detail })}
            ></moot-picture-drop>`
          : html`<moot-numbers
              .manifest=${model.manifest}
              .text=${this.numbers}
              @moot-numbers=${(event: CustomEvent<string>) => this.set({ numbers: event.detail })}
            ></moot-numbers>`
    }`
  }

  private renderReplication(others: number): TemplateResult {
    const { replication } = this
    return html`<div class="field">
      <div class="wanted">
        <label for="replication">Tabs to answer</label>
        <output for="replication">${tabs(replication)}</output>
      </div>
      <input
        id="replication"
        type="range"
        min="1"
        max=${MAX_REPLICATION}
        .value=${String(replication)}
        aria-valuetext=${tabs(replication)}
        @input=${(event: Event) => (this.replication = Number((event.target as HTMLInputElement).value))}
      />
      ${
        replication > others && others > 0
          ? html`<p class="small soft">
              ${tabs(others)} could answer now; fewer answers than asked for are shown as what they are.
            </p>`
          : nothing
      }
    </div>`
  }

  private set(change: { strokes?: readonly Stroke[]; picture?: Pixels; numbers?: string }): void {
    Object.assign(this, change)
    this.fault = undefined
  }

  private choose(model: ModelSummary): void {
    this.chosen = model.id
    this.fault = undefined
  }

  private wayFor(model: ModelSummary): Way {
    const ways = waysOf(model)
    return ways.includes(this.way) ? this.way : (ways[0] ?? 'numbers')
  }

  private ask(model: ModelSummary): void {
    try {
      const question = { model: model.id, input: this.inputFor(model) }
      const { answer } = this.asks.ask(question, { replication: this.replication })
      location.hash = linkTo(this.peer.view.room, { name: 'answer', id: answer.id })
    } catch (error) {
      this.fault = faultOf(error)
    }
  }

  /** What the model gets, decoded and scaled once, here. Throws what is wrong with it. */
  private inputFor(model: ModelSummary): Tensors {
    switch (this.wayFor(model)) {
      case 'draw':
        if (this.strokes.length === 0) throw missing('a drawing', 'an empty pad')
        return pictureTensor(model.manifest, renderStrokes(this.strokes))
      case 'picture':
        if (this.picture === undefined) throw missing('a picture', 'none')
        return pictureTensor(model.manifest, this.picture)
      default:
        return tensorsFromJson(this.numbers)
    }
  }
}

const missing = (expected: string, got: string) => fault({ code: 'WRONG_INPUT', input: 'drawing', expected, got })

const waysOf = ({ manifest }: ModelSummary): readonly Way[] =>
  readsInk(manifest) ? ['draw', 'picture', 'numbers'] : manifest.image ? ['picture', 'numbers'] : ['numbers']

declare global {
  interface HTMLElementTagNameMap {
    'moot-ask': MootAsk
  }
}
