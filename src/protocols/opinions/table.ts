import type { ModelId } from '../../domain/manifest.ts'
import type { ReadOpinion } from '../../domain/opinion.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import { MAX_OF_AUTHOR, MAX_OF_MODEL, MAX_OPINIONS, MAX_UNNAMED } from './constants.ts'

export interface TableInit {
  readonly self: PeerId
  /** Whether this device has dealt with a peer: its opinions take the places of strangers'. */
  readonly isFamiliar: (peer: PeerId) => boolean
  /** Whether anybody in the room has named a model. */
  readonly isNamed: (model: ModelId) => boolean
}

export interface KeptOpinion extends ReadOpinion {
  /** Greater than that of whatever came before it. */
  readonly order: number
  /** Whether its model has ever been named. */
  readonly named: boolean
}

/**
 * The last word of each key on each model. Bounded but for this peer's own: past a bound whoever came first stays, and
 * who is familiar takes the place of the last stranger to come.
 */
export class OpinionTable {
  readonly #init: TableInit
  readonly #models = new Map<ModelId, Map<PeerId, KeptOpinion>>()
  #came = 0

  constructor(init: TableInit) {
    this.#init = init
  }

  /** The last words on a model, withdrawn ones included, in the order of their authors' coming. */
  of(model: ModelId): readonly KeptOpinion[] {
    return [...(this.#models.get(model)?.values() ?? [])]
  }

  all(): readonly KeptOpinion[] {
    return [...this.#models.values()].flatMap((authors) => [...authors.values()])
  }

  /** The last word of an opinion's author on its model. */
  get({ author, opinion }: ReadOpinion): KeptOpinion | undefined {
    return this.#models.get(opinion.model)?.get(author)
  }

  /** A model is named from now on. Gives what was said of it. */
  named(model: ModelId): readonly KeptOpinion[] {
    const kept = this.of(model).map((each) => ({ ...each, named: true }))
    for (const each of kept) this.#models.get(model)?.set(each.author, each)
    return kept
  }

  /** Whether it would be kept: it says something new, and there is room for it. */
  wants(read: ReadOpinion): boolean {
    return this.#isNews(read) && (this.get(read) !== undefined || this.#roomFor(read, false) !== undefined)
  }

  /** Keeps an opinion whose signature holds, and gives those that had to go for it. Undefined where it is not kept. */
  take(read: ReadOpinion, { named = false } = {}): readonly KeptOpinion[] | undefined {
    const { author, opinion } = read
    const known = this.get(read)
    const gone = known ? [] : this.#roomFor(read, named)
    if (!this.#isNews(read) || gone === undefined) return undefined
    for (const each of gone) this.#delete(each)
    const authors = this.#models.get(opinion.model) ?? new Map<PeerId, KeptOpinion>()
    const isNamed = named || known?.named === true || this.#init.isNamed(opinion.model)
    const kept = { ...read, order: known?.order ?? this.#came++, named: isNamed }
    this.#models.set(opinion.model, authors.set(author, kept))
    return gone
  }

  #isNews(read: ReadOpinion): boolean {
    return read.opinion.seq > (this.get(read)?.opinion.seq ?? -1)
  }

  /** Who has to go for a new author's word on a model; undefined where it finds no room. */
  #roomFor({ author, opinion: { model } }: ReadOpinion, named: boolean): readonly KeptOpinion[] | undefined {
    const { self, isNamed, isFamiliar } = this.#init
    if (author === self) return []
    const others = this.all().filter((kept) => kept.author !== self)
    const own = others.filter((kept) => kept.author === author).toSorted((a, b) => a.order - b.order)
    const gone = new Set(own.length >= MAX_OF_AUTHOR ? own.slice(0, 1) : [])
    const bounds = [
      { most: MAX_OF_MODEL, counts: (kept: KeptOpinion) => kept.opinion.model === model },
      {
        most: named || isNamed(model) ? Number.POSITIVE_INFINITY : MAX_UNNAMED,
        counts: (kept: KeptOpinion) => !kept.named,
      },
      { most: MAX_OPINIONS, counts: () => true },
    ]
    for (const { most, counts } of bounds) {
      const group = others.filter((kept) => !gone.has(kept) && counts(kept))
      if (group.length < most) continue
      const strangers = isFamiliar(author) ? group.filter((kept) => !isFamiliar(kept.author)) : []
      const [last] = strangers.toSorted((a, b) => b.order - a.order)
      if (last === undefined) return undefined
      gone.add(last)
    }
    return [...gone]
  }

  #delete({ author, opinion: { model } }: ReadOpinion): void {
    const authors = this.#models.get(model)
    authors?.delete(author)
    if (authors?.size === 0) this.#models.delete(model)
  }
}
