import { cidOf } from '../../src/domain/charter/charter.ts'
import { BLOCK_SIZE, blockCount, type Manifest, type ModelFile, type ModelId } from '../../src/domain/manifest.ts'
import { nicknameOf } from '../../src/domain/nickname.ts'
import type { Tensor } from '../../src/domain/tensor.ts'
import { fileTree } from '../../src/domain/unixfs.ts'
import type {
  Import,
  ImportView,
  Models,
  ModelSummary,
  Opinion,
  Proposal,
  UnfinishedImport,
} from '../../src/peer/view.ts'
import type { ModelOrigin } from '../../src/ports/model-source.ts'

export const floats = (dims: readonly number[], values: readonly number[]): Tensor => ({
  dtype: 'float32',
  dims,
  data: new Uint8Array(Float32Array.from(values).buffer),
})

/** An id in the shape of a peer's, different for each name. */
export const idOf = (name: string): string => `12D3KooW${name.padEnd(44, 'x')}`

/** A file of blocks that are nowhere; its CID is what such blocks would have. */
export function fileOf(path: string, size: number, role: ModelFile['role'] = 'model'): ModelFile {
  const blocks = Array.from({ length: blockCount(size) }, () => new Uint8Array(32))
  return { path, role, size, blocks, cid: fileTree(size, blocks, BLOCK_SIZE).root }
}

export function modelOf(manifest: Manifest, change: Partial<ModelSummary> = {}): ModelSummary {
  const opinions = change.opinions ?? []
  return {
    id: cidOf(manifest),
    manifest,
    publisher: nicknameOf(manifest.publisher),
    source: 'room',
    cached: true,
    inMemory: false,
    pinned: false,
    holders: [],
    ...change,
    opinions,
  }
}

export const opinionOf = (name: string, stand: Opinion['stand'], reason = ''): Opinion => ({
  peer: idOf(name),
  nickname: nicknameOf(idOf(name)),
  stand,
  reason,
})

const plain = {
  publisher: idOf('me'),
  signature: new Uint8Array(64),
  licence: 'MIT',
  parameters: 1_235_496,
  memory: 24_000_000,
  arithmetic: 'fp32',
  canon: new Uint8Array(32).fill(0xa7),
  canonicalRun: 'plain',
} as const

/** Manifests in the shape of the shipped digit recogniser, a photograph classifier, a judge of moods and a sum of two vectors; no model behind them. */
export const digits = modelOf(
  {
    ...plain,
    name: 'Digits',
    version: '1.0.0',
    publisher: idOf('author'),
    task: 'image-classification',
    files: [fileOf('digits-fp32.onnx', 312_448)],
    inputs: [{ name: 'image', dtype: 'float32', dims: [1, 1, 28, 28] }],
    outputs: [{ name: 'logits', dtype: 'float32', dims: [1, 10] }],
    labels: { output: 'logits', names: '0123456789'.split(''), activation: 'softmax' },
    image: { input: 'image', planes: ['gray'], mean: [0], deviation: [255] },
  },
  { source: 'shipped' },
)

const stones = ['standing stone, menhir', 'dry stone wall', 'sheep', 'gorse, furze, whin']

export const photographs = modelOf(
  {
    ...plain,
    name: 'squeezenet',
    version: '1.1',
    publisher: idOf('oak'),
    licence: 'Apache-2.0',
    task: 'image-classification',
    notes: 'Labels have their names now.\nThe weights are those of 1.0.',
    source: 'https://example.org/squeezenet1.1.onnx',
    files: [fileOf('squeezenet.onnx', 4_956_208)],
    inputs: [{ name: 'data', dtype: 'float32', dims: [1, 3, 224, 224] }],
    outputs: [{ name: 'scores', dtype: 'float32', dims: [1, 4] }],
    tolerance: {
      rms: 2e-5,
      scaled: 1e-4,
      seen: { rms: 3.1e-7, scaled: 1.3e-6 },
      runs: 5,
      adapter: 'apple metal-3',
      builds: ['onnxruntime-web 1.30.0 wasm', 'onnxruntime-web 1.30.0 webgpu'],
    },
    labels: { output: 'scores', names: stones, activation: 'softmax' },
    image: { input: 'data', planes: ['red', 'green', 'blue'], mean: [124, 116, 104], deviation: [58, 57, 57] },
  },
  { holders: ['oak', 'ash', 'elm'].map(idOf) },
)

export const sums = modelOf(
  {
    ...plain,
    name: 'sum',
    version: '1',
    files: [fileOf('sum.onnx', 512)],
    inputs: [
      { name: 'a', dtype: 'float32', dims: [null, 2] },
      { name: 'b', dtype: 'int64', dims: [2] },
    ],
    outputs: [{ name: 'sum', dtype: 'float32', dims: [null, 2] }],
  },
  { source: 'mine' },
)

export const moods = modelOf(
  {
    ...plain,
    name: 'moods',
    version: '2.0',
    publisher: idOf('elm'),
    task: 'text-classification',
    files: [
      fileOf('onnx/model.onnx', 2_400_000),
      fileOf('tokenizer.json', 710_000, 'tokenizer'),
      fileOf('tokenizer_config.json', 1_200, 'config'),
    ],
    inputs: [
      { name: 'input_ids', dtype: 'int64', dims: [null, null] },
      { name: 'attention_mask', dtype: 'int64', dims: [null, null] },
    ],
    outputs: [{ name: 'logits', dtype: 'float32', dims: [null, 2] }],
    labels: { output: 'logits', names: ['gloomy', 'cheerful'], activation: 'softmax' },
    text: {
      ids: 'input_ids',
      mask: 'attention_mask',
      tokenizer: 'tokenizer.json',
      config: 'tokenizer_config.json',
      most: 8,
    },
  },
  { cached: false, holders: [idOf('elm')] },
)

/** A tokenizer of a few words in the format of `tokenizers`: `[CLS]` before a text, `[SEP]` after it. */
export const TINY_TOKENIZER = {
  version: '1.0',
  added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]'].map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
    },
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: { '[PAD]': 0, '[UNK]': 1, '[CLS]': 2, '[SEP]': 3, 'what': 4, 'a': 5, 'fine': 6, 'day': 7, '##s': 8 },
  },
}

/** What the fake models are of: a peer's list, which they change as its test says. */
interface Shelf {
  readonly id: string
  models(): readonly ModelSummary[]
  change(models: readonly ModelSummary[]): void
  /** Nothing of the list has changed, and yet something has. */
  tell(): void
}

/** Models that are nowhere: every call is kept, and comes to what its test says. */
export class FakeModels implements Models {
  readonly #shelf: Shelf
  readonly imports: FakeImport[] = []
  readonly judged: (readonly [ModelId, Opinion['stand'] | undefined, string | undefined])[] = []
  readonly kept: ModelId[] = []
  unfinished: readonly UnfinishedImport[] = []
  /** What the next call of `keep`, `pin`, `remove`, `judge` or `file` rejects with. */
  fails: Error | undefined
  /** Whether `keep` goes on until it is cancelled. */
  keeps: 'at once' | 'for ever' = 'at once'
  files: Readonly<Record<string, Uint8Array>> = {}
  car: readonly Uint8Array[] = [new Uint8Array([1, 2]), new Uint8Array([3])]

  constructor(shelf: Shelf) {
    this.#shelf = shelf
  }

  import(origin: ModelOrigin, { signal }: { signal?: AbortSignal } = {}): FakeImport {
    const begun = new FakeImport(origin, this.imports.length + 1)
    signal?.addEventListener('abort', () => begun.cancel())
    this.imports.push(begun)
    return begun
  }

  async discard(key: string): Promise<void> {
    this.unfinished = this.unfinished.filter((each) => each.key !== key)
    this.#shelf.tell()
  }

  async keep(model: ModelId, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    this.#mayFail()
    this.kept.push(model)
    if (this.keeps === 'for ever')
      await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
    this.change(model, { cached: true })
  }

  async pin(model: ModelId, pinned: boolean): Promise<void> {
    this.#mayFail()
    this.change(model, { pinned, cached: true })
  }

  async remove(model: ModelId): Promise<void> {
    this.#mayFail()
    this.change(model, { cached: false, pinned: false })
  }

  async judge(model: ModelId, stand: Opinion['stand'] | undefined, reason?: string): Promise<void> {
    this.#mayFail()
    this.judged.push([model, stand, reason])
    const me = this.#shelf.id
    const others = this.#find(model).opinions.filter(({ peer }) => peer !== me)
    const mine = stand && { peer: me, nickname: nicknameOf(me), stand, reason: reason ?? '' }
    this.change(model, { opinions: mine ? [...others, mine] : others })
  }

  async file(_: ModelId, path: string): Promise<Uint8Array> {
    this.#mayFail()
    const file = this.files[path]
    if (file === undefined) throw new Error(`the fake models have no file ${path}`)
    return file
  }

  async *exportCar(): AsyncIterable<Uint8Array> {
    this.#mayFail()
    yield* this.car
  }

  change(model: ModelId, change: Partial<ModelSummary>): void {
    this.#shelf.change(this.#shelf.models().map((each) => (each.id === model ? { ...each, ...change } : each)))
  }

  #find(model: ModelId): ModelSummary {
    const found = this.#shelf.models().find(({ id }) => id === model)
    if (found === undefined) throw new Error(`the fake peer has no model ${model}`)
    return found
  }

  #mayFail(): void {
    const { fails } = this
    this.fails = undefined
    if (fails) throw fails
  }
}

/** An import that goes as its test makes it go. */
export class FakeImport implements Import {
  view: ImportView
  readonly origin: ModelOrigin
  readonly chosen: string[] = []
  readonly published: Proposal[] = []
  /** What `publish` comes to. */
  publishes: ModelSummary | Error = photographs
  readonly settled: Promise<ImportView>
  #settle!: (view: ImportView) => void
  readonly #listeners = new Set<(view: ImportView) => void>()

  constructor(origin: ModelOrigin, id: number) {
    this.origin = origin
    const title =
      origin.kind === 'files' ? (origin.files[0]?.path ?? '') : origin.kind === 'url' ? origin.url : origin.repository
    this.view = { id, title, phase: 'looking', choices: [] }
    this.settled = new Promise((resolve) => (this.#settle = resolve))
  }

  subscribe(listener: (view: ImportView) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  change(change: Partial<ImportView>): void {
    this.view = { ...this.view, ...change }
    for (const listener of this.#listeners) listener(this.view)
    if (['ready', 'done', 'failed'].includes(this.view.phase)) this.#settle(this.view)
  }

  choose(path: string): void {
    this.chosen.push(path)
    this.change({ phase: 'reading' })
  }

  async publish(proposal: Proposal): Promise<ModelSummary> {
    this.published.push(proposal)
    if (this.publishes instanceof Error) throw this.publishes
    this.change({ phase: 'done', model: this.publishes })
    return this.publishes
  }

  cancel(): void {
    this.change({ phase: 'failed', fault: { code: 'CANCELLED' } })
  }
}
