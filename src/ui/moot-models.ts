import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import type { ModelSummary, Peer } from '../peer/view.ts'
import { base } from './base.styles.ts'
import { hostingContext, peerContext } from './contexts.ts'
import { Subscription } from './controllers/subscription.ts'
import { controls } from './controls.styles.ts'
import type { Hosting } from './hosting.ts'
import { icon } from './icons.ts'
import { groupsOf, type Group } from './models/groups.ts'
import { importWords } from './models/import-words.ts'
import {
  cacheWords,
  fullWords,
  holdersWords,
  licenceWords,
  runSize,
  shortKey,
  storageWords,
} from './models/model-words.ts'
import { filesOrigin } from './models/origins.ts'
import { search, type Found } from './models/search.ts'
import './moot-model-bar.ts'
import { styles } from './moot-models.styles.ts'
import { note } from './notes.ts'
import { linkTo } from './route.ts'
import { stoneMark } from './stone-mark.ts'
import { byteSize, cut, flagWords } from './words.ts'

/** Models from which on a search is of use: more than one sees without scrolling. */
const SEARCHED = 4

/** What this room hosts: every model with who published it, who holds it, and what of it is here. Takes files dropped on it. */
@customElement('moot-models')
export class MootModels extends LitElement {
  static override readonly styles = [base, controls, styles]

  @consume({ context: peerContext }) peer!: Peer
  @consume({ context: hostingContext }) hosting!: Hosting
  @state() private query = ''
  @state() private dragging = false

  constructor() {
    super()
    void new Subscription(this, () => this.peer)
    void new Subscription(this, () => this.hosting)
    this.addEventListener('dragover', this.over)
    this.addEventListener('dragleave', () => (this.dragging = false))
    this.addEventListener('drop', this.drop)
  }

  override render(): TemplateResult {
    const { room, models, device } = this.peer.view
    const full = fullWords(models)
    return html`<header>
        <div>
          <h1 tabindex="-1">Models</h1>
          <p class="soft">${countWords(models.length)} · ${storageWords(device)}</p>
        </div>
        <a class="button add" href=${linkTo(room, { name: 'add' })}>${icon('add')}Add a model</a>
      </header>
      ${full === undefined ? nothing : note(full, 'warning')} ${this.renderImport(room)}
      ${models.length === 0 ? html`<p class="empty">No model yet. Add one.</p>` : this.renderList(models)}
      <p class=${this.dragging ? 'hint over' : 'hint'}>
        ${this.dragging ? 'Let go to add these files' : 'Files of a model can be dropped anywhere here.'}
      </p>`
  }

  private renderImport(room: string): TemplateResult | typeof nothing {
    const view = this.hosting.import?.view
    if (view === undefined) return nothing
    return html`<p class="importing">
      <span><strong title=${view.title}>${cut(view.title, 48)}</strong> ${importWords(view)}</span>
      <a href=${linkTo(room, { name: 'add' })}>Go to it</a>
    </p>`
  }

  private renderList(models: readonly ModelSummary[]): TemplateResult {
    const found = search(models, this.query)
    const groups = groupsOf(found, models)
    return html`${
        models.length < SEARCHED
          ? nothing
          : html`<div class="search">
              <label for="search">Search</label>
              <input
                id="search"
                type="search"
                placeholder="Name, publisher, task or label"
                maxlength="64"
                .value=${this.query}
                @input=${(event: Event) => (this.query = (event.target as HTMLInputElement).value)}
              />
            </div>`
      }
      <p class="unseen" role="status">${this.query === '' ? '' : `${groups.length} found`}</p>
      ${
        groups.length === 0
          ? html`<p class="empty">Nothing here is called so.</p>`
          : html`<ol class="card">
              ${groups.map((group) => this.renderGroup(group))}
            </ol>`
      }`
  }

  private renderGroup({ newest, older, nameShared }: Group): TemplateResult {
    return html`<li>
      ${this.renderModel(newest, nameShared)}
      ${
        older.length === 0
          ? nothing
          : html`<details>
              <summary>${older.length === 1 ? 'One older version' : `${older.length} older versions`}</summary>
              <ol>
                ${older.map((found) => html`<li>${this.renderModel(found, nameShared)}</li>`)}
              </ol>
            </details>`
      }
    </li>`
  }

  private renderModel({ model, label }: Found, nameShared: boolean): TemplateResult {
    const { id, manifest, publisher, source, opinions, pinned } = model
    const endorsements = opinions.filter(({ stand }) => stand === 'endorses').length
    const flags = flagWords(opinions)
    const facts = [byteSize(runSize(manifest)), cut(manifest.task ?? '', 32), licenceWords(manifest)].filter(Boolean)
    return html`<article>
      <div class="what">
        <h2>
          <a href=${linkTo(this.peer.view.room, { name: 'model', id })} title=${manifest.name}
            >${cut(manifest.name, 48)} <span class="version">${cut(manifest.version, 16)}</span></a
          >
        </h2>
        <p class="who small" title=${manifest.publisher}>
          ${stoneMark(manifest.publisher, '1.35em')}
          <span>${publisher}${source === 'mine' ? ' (you)' : ''}</span> <code>${shortKey(manifest.publisher)}</code>
          ${source === 'shipped' ? html`<span class="soft">comes with the app</span>` : nothing}
        </p>
        ${nameShared ? html`<p class="small soft">Another key publishes a model of this name too: compare the keys.</p>` : nothing}
        <p class="small soft">${facts.join(' · ')}</p>
        ${label === undefined ? nothing : html`<p class="small">${`Knows “${cut(label, 60)}”`}</p>`}
        <p class="small state">
          <span class=${model.cached ? 'here' : ''}
            >${icon(model.cached ? 'holds' : 'absent')}${cacheWords(model)}</span
          >
          <span>${icon('peers')}${holdersWords(model)}</span>
          ${pinned ? html`<span>${icon('pin')}pinned</span>` : nothing}
          ${endorsements === 0 ? nothing : html`<span>${icon('holds')}endorsed by ${endorsements}</span>`}
        </p>
        ${flags === undefined ? nothing : html`<p class="small flagged">${icon('flag')}<span>${flags}</span></p>`}
      </div>
      <moot-model-bar .model=${model}></moot-model-bar>
    </article>`
  }

  private readonly over = (event: DragEvent): void => {
    event.preventDefault()
    this.dragging = true
  }

  private readonly drop = (event: DragEvent): void => {
    event.preventDefault()
    this.dragging = false
    const files = event.dataTransfer?.files
    if (!files?.length) return
    this.hosting.start(filesOrigin(files))
    location.hash = linkTo(this.peer.view.room, { name: 'add' })
  }
}

const countWords = (count: number): string =>
  count === 0 ? 'Nothing hosted here yet' : count === 1 ? 'One model' : `${count} models`

declare global {
  interface HTMLElementTagNameMap {
    'moot-models': MootModels
  }
}
