import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { hex } from '../domain/hash.ts'
import type { FileRole, Manifest, ModelFile, ValueInfo } from '../domain/manifest.ts'
import { base } from './base.styles.ts'
import { imageWords } from './models/image-presets.ts'
import { arithmeticWords, countWords, ruleWords, valueWords, webAddress } from './models/model-words.ts'
import { styles } from './moot-model-facts.styles.ts'
import { table } from './table.styles.ts'
import { byteSize, cut } from './words.ts'

const ROLES: Readonly<Record<FileRole, string>> = {
  model: 'graph',
  weights: 'weights',
  tokenizer: 'tokenizer',
  config: 'settings',
}

/** Labels named; the others are counted. */
const LABELS_SHOWN = 6

/** All that a manifest says of a model: what goes in and comes out, its arithmetic and its files. */
@customElement('moot-model-facts')
export class MootModelFacts extends LitElement {
  static override readonly styles = [base, table, styles]

  @property({ attribute: false }) manifest!: Manifest

  override render(): TemplateResult {
    const { manifest } = this
    const { image, text, labels, source } = manifest
    const facts: readonly (readonly [name: string, words: unknown])[] = [
      ['Task', manifest.task && cut(manifest.task, 64)],
      ['Licence', cut(manifest.licence, 128)],
      ['Source', source && sourceLink(source)],
      ['Inputs', valuesOf(manifest.inputs)],
      ['Outputs', valuesOf(manifest.outputs)],
      ['A picture', image && imageWords(image, manifest.inputs)],
      ['A text', text && `cut into ${text.most} tokens at most by ${cut(text.tokenizer, 60)}`],
      ['Labels', labels && labelWords(labels.names)],
      ['Parameters', countWords(manifest.parameters)],
      ['Memory', `about ${byteSize(manifest.memory)} for a run`],
      ['Arithmetic', arithmeticWords(manifest)],
      ['Answers agree', ruleWords(manifest)],
      ['Canon', canonOf(manifest)],
    ]
    return html`<h2>What it is</h2>
      <dl>
        ${facts.map(([name, words]) =>
          words
            ? html`<dt>${name}</dt>
                <dd>${words}</dd>`
            : nothing,
        )}
      </dl>
      <h2>Files</h2>
      <table>
        <caption class="unseen">
          Files
        </caption>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">Size</th>
            <th scope="col">CID</th>
          </tr>
        </thead>
        <tbody>
          ${manifest.files.map(fileRow)}
        </tbody>
      </table>`
  }
}

const fileRow = ({ path, role, size, cid }: ModelFile): TemplateResult =>
  html`<tr>
    <th scope="row" title=${path}>${cut(path, 60)} <span class="small soft">${ROLES[role]}</span></th>
    <td class="wide" data-of="Size">${byteSize(size)}</td>
    <td class="wide" data-of="CID"><code>${cid.toString()}</code></td>
  </tr>`

const valuesOf = (values: readonly ValueInfo[]): TemplateResult =>
  html`<ul>
    ${values.map(
      (value) => html`<li title=${value.name}><code>${cut(value.name, 40)}</code> ${valueWords(value)}</li>`,
    )}
  </ul>`

const sourceLink = (source: string): unknown => {
  const address = webAddress(source)
  if (address === undefined) return cut(source, 120)
  return html`<a href=${address} rel="noreferrer noopener nofollow" target="_blank" title=${source}
    >${cut(source, 120)}</a
  >`
}

const labelWords = (names: readonly string[]): string => {
  const more = names.length - LABELS_SHOWN
  const shown = names.slice(0, LABELS_SHOWN).map((name) => cut(name, 30))
  return `${names.length}: ${shown.join(' · ')}${more > 0 ? ` and ${more} more` : ''}`
}

const canonOf = ({ canon, canonicalRun }: Manifest): TemplateResult => {
  const run = canonicalRun === 'exposed' ? 'run with every intermediate exposed' : 'a plain run gives the same bits'
  const hash = hex(canon)
  return html`<code title=${hash}>${hash.slice(0, 12)}</code>, ${run}`
}

declare global {
  interface HTMLElementTagNameMap {
    'moot-model-facts': MootModelFacts
  }
}
