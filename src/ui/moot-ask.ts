import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { ModelSummary, Peer } from '../peer/view.ts'
import type { Asks } from './asks.ts'
import { base } from './base.styles.ts'
import { asksContext, peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { Task } from './controllers/task.ts'
import { controls } from './controls.styles.ts'
import { checkOf, inputOf, missingWords, wayFor, waysOf, type Draft, type Way } from './draft.ts'
import { icon, type IconName } from './icons.ts'
import './moot-check.ts'
import './moot-digit-pad.ts'
import './moot-history.ts'
import './moot-invite.ts'
import './moot-model-choice.ts'
import './moot-numbers.ts'
import './moot-picture-drop.ts'
import './moot-words.ts'
import { styles } from './moot-ask.styles.ts'
import { faultNote, note, waiting, warning } from './notes.ts'
import type { Pixels } from './picture/picture-tensor.ts'
import type { Stroke } from './picture/strokes.ts'
import { linkTo } from './route.ts'
import { isRunnable } from './models/size.ts'

const WAYS: Readonly<Record<Way, readonly [drawing: IconName, label: string]>> = {
  draw: ['ask', 'Draw'],
  picture: ['picture', 'Picture'],
  text: ['words', 'Text'],
  numbers: ['numbers', 'Numbers'],
}

/** Asking: a model, an input, and how the answer is to be checked. */
@customElement('moot-ask')
export class MootAsk extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  /** CID of the charter that the link asks for: the tab may look on under another until its text is here. */
  @property({ attribute: false }) asked: string | undefined
  @consume({ context: asksContext }) asks!: Asks

  /** Making the input, and asking. */
  private readonly asking = new Task<void>(this)
  /** What is to be done before asking. */
  @state() private missing: string | undefined

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
    void new Subscription(this, () => this.asks)
  }

  override render(): TemplateResult {
    const { room, models, peers, charter } = this.peer.view
    const { draft } = this.asks
    const runnable = models.filter(isRunnable)
    const model = runnable.find(({ id }) => id === draft.model) ?? runnable[0]
    const others = peers.filter((peer) => !peer.blocked && !peer.watching && !peer.paused).length
    return html`<h1 tabindex="-1">Ask</h1>
      <div class="columns">
        <section class="input" aria-label="Input">${model && this.renderInput(model)}</section>
        <div class="go">
          ${faultNote(this.asking.fault)} ${this.missing ? warning(this.missing) : nothing}
          <button
            class="primary"
            ?disabled=${model === undefined || this.asking.pending}
            @click=${() => model && this.ask(model)}
          >
            Ask
          </button>
          ${this.asking.slow ? waiting('Preparing what you ask') : nothing}
          <p class="small soft">The tabs that answer can read what you ask.</p>
        </div>
        <section class="settings" aria-label="How to ask">
          <moot-model-choice
            .chosen=${model?.id}
            @moot-model=${(event: CustomEvent<ModelSummary>) => this.change({ model: event.detail.id })}
          ></moot-model-choice>
          <moot-check
            .check=${checkOf(draft, charter.check)}
            .several=${checkOf({ ...draft, mode: 'replicated' }, charter.check)}
            .standard=${charter.check}
            .others=${others}
            @moot-check=${(event: CustomEvent<Partial<Draft>>) => this.change(event.detail)}
          ></moot-check>
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
              <moot-invite .room=${room} .charter=${this.asked ?? this.peer.view.charter.id}></moot-invite>`
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
    const { draft } = this.asks
    const ways = waysOf(model)
    const way = wayFor(draft, model)
    return html`${
      ways.length > 1
        ? html`<div class="segments" role="radiogroup" aria-label="Kind of input">
            ${ways.map((each) => {
              const [drawing, label] = WAYS[each]
              const choose = () => this.change({ way: each })
              return html`<label
                ><input type="radio" name="way" .checked=${each === way} @change=${choose} /><span
                  >${icon(drawing)}${label}</span
                ></label
              >`
            })}
          </div>`
        : nothing
    }
    ${this.renderWay(way, model)}`
  }

  private renderWay(way: Way, { manifest }: ModelSummary): TemplateResult {
    const { strokes, picture, words, numbers } = this.asks.draft
    switch (way) {
      case 'draw':
        return html`<moot-digit-pad
          .strokes=${strokes}
          @moot-strokes=${(event: CustomEvent<readonly Stroke[]>) => this.change({ strokes: event.detail })}
        ></moot-digit-pad>`
      case 'picture':
        return html`<moot-picture-drop
          .picture=${picture}
          @moot-picture=${(event: CustomEvent<Pixels>) => this.change({ picture: event.detail })}
        ></moot-picture-drop>`
      case 'text':
        return html`<moot-words
          .text=${words}
          .most=${manifest.text?.most ?? 0}
          @moot-words=${(event: CustomEvent<string>) => this.change({ words: event.detail })}
        ></moot-words>`
      case 'numbers':
        return html`<moot-numbers
          .manifest=${manifest}
          .text=${numbers}
          @moot-numbers=${(event: CustomEvent<string>) => this.change({ numbers: event.detail })}
        ></moot-numbers>`
      default:
        return way satisfies never
    }
  }

  private change(change: Partial<Draft>): void {
    this.asks.draft = { ...this.asks.draft, ...change }
    this.missing = this.asking.fault = undefined
    this.requestUpdate()
  }

  private ask(model: ModelSummary): void {
    const { draft } = this.asks
    this.missing = missingWords(draft, model)
    void this.asking.run(async (signal) => {
      const input = await inputOf(draft, model, this.peer.models, { signal })
      if (input === undefined || signal.aborted) return
      const words = wayFor(draft, model) === 'text' ? draft.words : undefined
      const { answer } = this.asks.ask(
        { model: model.id, input },
        { check: checkOf(draft, this.peer.view.charter.check) },
        words,
      )
      this.change({ model: model.id, strokes: [], picture: undefined })
      location.hash = linkTo(this.peer.view.room, { name: 'answer', id: answer.id })
    })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-ask': MootAsk
  }
}
