import type { Answer, Ask, AskOptions, Peer, Question } from '../peer/view.ts'
import { FRESH_DRAFT, type Draft } from './draft.ts'

/** Asks kept for the list and their pages; receipts outlive them as files. */
const MAX_KEPT = 100

/** The asks of this tab since it opened, newest first. They go on while other screens are looked at. */
export class Asks {
  readonly #peer: Peer
  readonly #listeners = new Set<(changed: Answer) => void>()
  /** The texts that became tokens, by ask: no model tells them back. */
  readonly #words = new Map<number, string>()
  #asks: readonly Ask[] = []
  /** What is about to be asked. */
  draft: Draft = FRESH_DRAFT

  constructor(peer: Peer) {
    this.#peer = peer
  }

  get answers(): readonly Answer[] {
    return this.#asks.map((ask) => ask.answer)
  }

  /** Asks the room. Throws what `Peer.ask` throws. `words`: the text of which the input was made. */
  ask(question: Question, options?: AskOptions, words?: string): Ask {
    const ask = this.#peer.ask(question, options)
    if (words !== undefined) this.#words.set(ask.answer.id, words)
    this.#asks = [ask, ...this.#asks].slice(0, MAX_KEPT)
    // To its end and past it: a decided answer may still be contested.
    ask.subscribe((answer) => this.#changed(answer))
    void ask.done.then((answer) => this.#changed(answer))
    this.#changed(ask.answer)
    return ask
  }

  find(id: number): Ask | undefined {
    return this.#asks.find((ask) => ask.answer.id === id)
  }

  wordsOf(id: number): string | undefined {
    return this.#words.get(id)
  }

  subscribe(listener: (changed: Answer) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #changed(answer: Answer): void {
    for (const listener of this.#listeners) listener(answer)
  }
}
