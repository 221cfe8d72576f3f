import { fault } from '../../domain/fault.ts'
import { equalBytes, hex } from '../../domain/hash.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import {
  LOOK,
  MAX_ASKED,
  AGAIN,
  MAX_FRUITLESS,
  MAX_HOLDERS,
  MAX_LACKED,
  MAX_STREAMS_OUT,
  MAX_UNHANDLED,
  WINDOW,
} from './constants.ts'
import { hashBlock } from './hash-block.ts'
import type { Remembered } from './remembered.ts'
import { Source, type FetchComponents, type Holder, type HolderEnd, type WantedBlock } from './source.ts'

export interface FetchOptions<B extends WantedBlock = WantedBlock> {
  /**
   * Who may hold the blocks, those to be preferred first. Asked again each second and whenever a stream ends, while blocks
   * are left: whoever comes to hold the model joins in.
   */
  readonly holders: () => readonly Holder[]
  readonly blocks: readonly B[]
  /**
   * Takes each block once it hashes to its digest and is as long as wanted, in any order and several at a time. Fetching
   * goes on meanwhile, within a bound, and is given up where this rejects.
   */
  readonly onBlock: (block: B, bytes: Uint8Array, from: PeerId) => Promise<void>
  /** What became of a holder. */
  readonly onHolder?: (peer: PeerId, what: HolderEnd) => void
  readonly signal?: AbortSignal
}

/** What earlier fetches of this tab found out. */
export interface KnownHolders {
  readonly liars: Remembered
  readonly silent: Remembered
}

/** One fetch: the blocks in one queue, and a stream with each holder that takes from it. */
export class Download<B extends WantedBlock> {
  readonly #components: FetchComponents
  readonly #options: FetchOptions<B>
  readonly #known: KnownHolders
  /** What nobody is asked for. */
  #queue: B[]
  /** What is not yet there, and how many are asked for it or have brought it to be checked. */
  readonly #left: Map<B, number>
  readonly #sources = new Map<PeerId, Source<B>>()
  /** Those whose last streams brought nothing: how many in a row, and when they may be asked again. */
  readonly #fruitless = new Map<PeerId, { readonly times: number; readonly until: number }>()
  /** Blocks that are being checked or stored. */
  #handling = 0
  readonly #tasks = new Set<Promise<unknown>>()
  readonly #ended = Promise.withResolvers<void>()
  #over = false
  #cancelLook = (): void => {}

  constructor(components: FetchComponents, options: FetchOptions<B>, known: KnownHolders) {
    this.#components = components
    this.#options = options
    this.#known = known
    this.#queue = [...options.blocks]
    this.#left = new Map(options.blocks.map((block) => [block, 0]))
  }

  /** Rejects with `BLOCK_MISSING`, with `MALFORMED` where a block is known to be of another length, or as `onBlock` does. */
  async run(): Promise<void> {
    const { signal } = this.#options
    const cancel = () => this.#ended.reject(signal?.reason as Error)
    try {
      signal?.throwIfAborted()
      signal?.addEventListener('abort', cancel, { once: true })
      this.#look()
      await this.#ended.promise
    } finally {
      this.#over = true
      signal?.removeEventListener('abort', cancel)
      this.#cancelLook()
      for (const source of this.#sources.values()) source.stop('done')
      await Promise.all(this.#tasks)
    }
  }

  /** Opens streams with those who hold the blocks, as many as may be. */
  readonly #look = (): void => {
    this.#cancelLook()
    if (this.#over || this.#left.size === 0) return this.#pump()
    // One to spare where a block is left for each.
    const most = Math.min(MAX_HOLDERS, this.#left.size + 1)
    for (const holder of this.#inOrder()) {
      if (this.#lively().length >= most || this.#sources.size >= MAX_STREAMS_OUT) break
      if (this.#sources.has(holder.peer) || this.#known.liars.has(holder.peer)) continue
      if (this.#rests(holder)) continue
      const source = new Source<B>(this.#components, holder)
      this.#sources.set(holder.peer, source)
      this.#begin(this.#draw(source))
    }
    this.#cancelLook = this.#components.clock.after(LOOK, this.#look)
    this.#pump()
  }

  /** As the caller has them, those last who let us wait in vain before. */
  #inOrder(): readonly Holder[] {
    const rank = ({ peer }: Holder) => Number(this.#known.silent.has(peer))
    return this.#options.holders().toSorted((a, b) => rank(a) - rank(b))
  }

  /** Whether a holder is not to be asked now: its streams were lost too often, or just now. */
  #rests({ peer }: Holder): boolean {
    const { times, until } = this.#fruitless.get(peer) ?? { times: 0, until: 0 }
    return times >= MAX_FRUITLESS || this.#components.clock.now() < until
  }

  /** Whether somebody may be asked who is not asked now. */
  #mayCome(): boolean {
    const may = ({ peer }: Holder) => {
      const times = this.#fruitless.get(peer)?.times
      return times !== undefined && times < MAX_FRUITLESS && !this.#known.liars.has(peer)
    }
    return this.#options.holders().some(may)
  }

  /** Those who do not let us wait. */
  #lively(): readonly Source<B>[] {
    return [...this.#sources.values()].filter((source) => !source.isSlow)
  }

  async #draw(source: Source<B>): Promise<void> {
    await source.listen(this.#pump, (block, bytes) => {
      if (bytes.length === 0 && block.length !== 0) this.#lacks(source, block)
      else this.#received(source, block, bytes)
      this.#pump()
    })
    this.#sources.delete(source.peer)
    for (const block of source.asked) this.#release(block)
    if (source.end !== 'done') this.#leave(source, source.end ?? 'gone')
    this.#look()
  }

  /** Takes note of why a holder was left, and of whether it may be asked again. */
  #leave({ peer, brought }: Source<B>, end: HolderEnd): void {
    const before = brought > 0 ? 0 : (this.#fruitless.get(peer)?.times ?? 0)
    const times = end === 'gone' ? before + 1 : MAX_FRUITLESS
    this.#fruitless.set(peer, { times, until: this.#components.clock.now() + AGAIN * times })
    if (end === 'lied') this.#known.liars.add(peer)
    if (end === 'silent') this.#known.silent.add(peer)
    if (end !== 'lacks') this.#options.onHolder?.(peer, end)
  }

  #lacks(source: Source<B>, block: B): void {
    if (source.lacking.size === 0) this.#options.onHolder?.(source.peer, 'lacks')
    source.lacking.add(block)
    this.#release(block)
    if (++source.lacked >= MAX_LACKED) source.stop('lacks')
  }

  #received(source: Source<B>, block: B, bytes: Uint8Array): void {
    source.lacked = 0
    // Asked of two, and the other was faster.
    if (!this.#left.has(block)) return
    source.checking++
    this.#handling++
    const task = this.#check(source, block, bytes).finally(() => {
      this.#handling--
      this.#pump()
    })
    this.#begin(task)
  }

  async #check(source: Source<B>, block: B, bytes: Uint8Array): Promise<void> {
    const holds = equalBytes(await hashBlock(bytes), block.digest)
    source.checking--
    if (this.#over || !this.#left.has(block)) return
    if (!holds) {
      source.stop('lied')
      return this.#release(block)
    }
    if (block.length !== undefined && bytes.length !== block.length)
      throw fault({
        code: 'MALFORMED',
        what: 'list of blocks',
        why: `one is of ${bytes.length} bytes, not ${block.length}`,
      })
    this.#left.delete(block)
    source.brought++
    this.#known.silent.delete(source.peer)
    this.#pump()
    await this.#options.onBlock(block, bytes, source.peer)
  }

  /** Somebody who was asked for a block will not bring it. */
  #release(block: B): void {
    const asked = this.#left.get(block)
    if (asked === undefined) return
    this.#left.set(block, asked - 1)
    if (asked === 1) this.#queue.unshift(block)
  }

  /** Asks for as much as may be, and sees whether all is there or nothing more can come. */
  readonly #pump = (): void => {
    if (this.#over) return
    for (const source of this.#sources.values()) if (source.open) this.#fill(source)
    if (this.#handling > 0) return
    const [missing] = this.#left.keys()
    if (missing === undefined) this.#ended.resolve()
    else if (this.#sources.size === 0 && !this.#mayCome())
      this.#ended.reject(fault({ code: 'BLOCK_MISSING', digest: hex(missing.digest) }))
  }

  #fill(source: Source<B>): void {
    const busy = () => source.asked.length + source.checking
    while (busy() < WINDOW && this.#unhandled < MAX_UNHANDLED) {
      const block = this.#takeFor(source) ?? (busy() === 0 ? this.#latestFor(source) : undefined)
      if (block === undefined) break
      this.#left.set(block, (this.#left.get(block) ?? 0) + 1)
      source.ask(block)
    }
    // Its place is for whoever may have what is left.
    if (source.lacking.size > 0 && busy() === 0 && [...this.#left.keys()].every((block) => source.lacking.has(block)))
      source.stop('lacks')
  }

  get #unhandled(): number {
    return this.#lively().reduce((sum, { asked }) => sum + asked.length, this.#handling)
  }

  #takeFor({ lacking }: Source<B>): B | undefined {
    const at = this.#queue.findIndex((block) => !lacking.has(block))
    return at < 0 ? undefined : this.#queue.splice(at, 1)[0]
  }

  /** Of what others are asked for, what is likely to come last. */
  #latestFor(source: Source<B>): B | undefined {
    let latest: { readonly block: B; readonly due: number } | undefined
    for (const other of this.#sources.values()) {
      for (const [i, block] of other.asked.entries()) {
        const due = (i + 1) * other.pace
        if (other === source || source.lacking.has(block) || this.#isAskedEnough(block)) continue
        if (latest === undefined || due >= latest.due) latest = { block, due }
      }
    }
    return latest?.block
  }

  /** Whether a block is being brought, or asked of as many as may be of those who do not let us wait. */
  #isAskedEnough(block: B): boolean {
    const slow = [...this.#sources.values()].filter(({ isSlow, asked }) => isSlow && asked.includes(block)).length
    return (this.#left.get(block) ?? Infinity) - slow >= MAX_ASKED
  }

  /** What has begun is over before the fetch is; what fails in it ends the fetch. */
  #begin(task: Promise<void>): void {
    const settled = task
      .catch((error: unknown) => this.#ended.reject(error as Error))
      .finally(() => this.#tasks.delete(settled))
    this.#tasks.add(settled)
  }
}
