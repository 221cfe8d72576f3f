import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { faultOf, type Fault } from '../domain/fault.ts'
import type { Labels, ValueInfo } from '../domain/manifest.ts'
import { base } from './base.styles.ts'
import { controls } from './controls.styles.ts'
import { icon } from './icons.ts'
import { labelsFrom, readLabelFile } from './models/label-lines.ts'
import { styles } from './moot-label-fields.styles.ts'
import { faultNote, note } from './notes.ts'
import { segments } from './segments.ts'
import { cut } from './words.ts'

const ACTIVATIONS: readonly (readonly [Labels['activation'], string])[] = [
  ['softmax', 'One of them'],
  ['sigmoid', 'Any of them'],
  ['none', 'Shares already'],
]

const ACTIVATION_HINTS: Readonly<Record<Labels['activation'], string>> = {
  softmax: 'Its numbers are turned into shares of 1 for showing (softmax).',
  sigmoid: 'Each number is turned into a share of its own for showing (sigmoid).',
  none: 'Its numbers are shown as they are, from 0 to 1.',
}

/** What a list of labels looks like. */
const EXAMPLE = ['tench', 'goldfish', 'great white shark'].join('\n')
/** Labels named in the line below the field. */
const SHOWN = 4

/**
 * The names of what comes out: one for each number.
 *
 * @fires moot-labels - A `CustomEvent<Labels | null>`: they changed, or there are none.
 */
@customElement('moot-label-fields')
export class MootLabelFields extends LitElement {
  static override readonly styles = [base, controls, styles]

  @property({ attribute: false }) labels: Labels | undefined
  @property({ attribute: false }) outputs: readonly ValueInfo[] = []
  @state() private fault: Fault | undefined

  override render(): TemplateResult {
    const { labels } = this
    return html`<div class="field">
        <label for="names">Labels, one on each line</label>
        <textarea
          id="names"
          dir="auto"
          rows="4"
          spellcheck="false"
          placeholder=${EXAMPLE}
          .value=${labels?.names.join('\n') ?? ''}
          @change=${(event: Event) => this.write((event.target as HTMLTextAreaElement).value)}
          @dragover=${(event: DragEvent) => event.preventDefault()}
          @drop=${this.drop}
        ></textarea>
        <div class="about">
          <span class="small soft">${countWords(labels)}</span>
          <label class="button slim"
            >${icon('file')}Choose a file of labels<input
              class="unseen"
              type="file"
              accept=".txt,.json,.csv,text/plain"
              @change=${(event: Event) => this.take((event.target as HTMLInputElement).files)}
          /></label>
        </div>
      </div>
      ${faultNote(this.fault)} ${labels ? this.renderHow(labels) : nothing}`
  }

  private renderHow(labels: Labels): TemplateResult {
    const { outputs } = this
    const wanted = numbersOf(outputs.find(({ name }) => name === labels.output))
    return html`${
        outputs.length < 2
          ? nothing
          : html`<div class="field">
              <label for="output">They name the numbers of</label>
              <select
                id="output"
                @change=${(event: Event) => this.tell({ ...labels, output: (event.target as HTMLSelectElement).value })}
              >
                ${outputs.map(
                  ({ name }) =>
                    html`<option value=${name} .selected=${name === labels.output}>${cut(name, 60)}</option>`,
                )}
              </select>
            </div>`
      }
      ${
        wanted === undefined || wanted === labels.names.length
          ? nothing
          : note(`The output has ${wanted} numbers, and there are ${labels.names.length} labels.`, 'warning')
      }
      <fieldset>
        ${segments(
          'activation',
          'How they go together',
          ACTIVATIONS.map(
            ([activation, name]) =>
              [name, activation === labels.activation, () => this.tell({ ...labels, activation })] as const,
          ),
        )}
        <p class="small soft">${ACTIVATION_HINTS[labels.activation]}</p>
      </fieldset>`
  }

  private drop(event: DragEvent): void {
    if (!event.dataTransfer?.files.length) return
    event.preventDefault()
    this.take(event.dataTransfer.files)
  }

  private take(files: FileList | null): void {
    const file = files?.[0]
    if (file === undefined) return
    readLabelFile(file).then(
      (names) => this.name(names),
      (error: unknown) => (this.fault = faultOf(error)),
    )
  }

  private write(text: string): void {
    try {
      this.name(labelsFrom(text))
    } catch (error) {
      this.fault = faultOf(error)
    }
  }

  private name(names: readonly string[]): void {
    this.fault = undefined
    const likely = this.outputs.find((output) => numbersOf(output) === names.length) ?? this.outputs[0]
    if (names.length === 0 || likely === undefined) this.tell(null)
    else
      this.tell({ output: this.labels?.output ?? likely.name, activation: this.labels?.activation ?? 'softmax', names })
  }

  private tell(labels: Labels | null): void {
    this.dispatchEvent(new CustomEvent('moot-labels', { detail: labels, bubbles: true, composed: true }))
  }
}

/** Numbers of one answer, where the file says how many there are. */
function numbersOf(output: ValueInfo | undefined): number | undefined {
  const dims = output?.dims.slice(1)
  return dims?.reduce<number | undefined>((all, dim) => (all === undefined || dim === null ? undefined : all * dim), 1)
}

const countWords = (labels: Labels | undefined): string => {
  if (labels === undefined) return 'None: answers are shown as numbers.'
  const { names } = labels
  const shown = names.slice(0, SHOWN).map((name) => cut(name, 24))
  return `${names.length}: ${shown.join(' · ')}${names.length > SHOWN ? ' · …' : ''}`
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-label-fields': MootLabelFields
  }
  interface HTMLElementEventMap {
    'moot-labels': CustomEvent<Labels | null>
  }
}
