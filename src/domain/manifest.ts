import { CID } from 'multiformats/cid'
import * as v from 'valibot'
import type { Deviation } from './agreement.ts'
import type { PeerId } from './peer-id.ts'
import { BYTES_PER_ELEMENT, type DType } from './tensor.ts'

/** A model's CID as a string (base32, dag-cbor, sha-256). */
export type ModelId = string

/** One declared input or output. A `null` dimension is free: the model takes any size there. */
export interface ValueInfo {
  readonly name: string
  readonly dtype: DType
  readonly dims: readonly (number | null)[]
}

/**
 * How a model's numbers behave across engines, which decides the rule of agreement: `fp32` within rounding, `integer`
 * exact on every engine, `fp16` and `qdq` within the manifest's tolerance, and exact on the cpu engine alone without one.
 */
export type Arithmetic = 'fp32' | 'integer' | 'fp16' | 'qdq'

/** What a file is to the model: its graph, weights that lie beside it, a tokenizer, or settings that were read at import. */
export type FileRole = 'model' | 'weights' | 'tokenizer' | 'config'

export interface ModelFile {
  /** Relative, such as `onnx/model.onnx`. Weights go by the name that the graph calls them. */
  readonly path: string
  readonly role: FileRole
  /** Bytes. */
  readonly size: number
  /** UnixFS root, as IPFS tools compute it with raw leaves and 1 MiB chunks. */
  readonly cid: CID
  /** The sha-256 digest of each block in order. */
  readonly blocks: readonly Uint8Array[]
}

/** How an image becomes the model's input: scaled to the input's height and width, then `(channel − mean) / deviation`. */
export interface ImageInput {
  readonly input: string
  /** Planes in the order the model wants them. `gray` is luma in 0..255. */
  readonly planes: readonly ('gray' | 'red' | 'green' | 'blue')[]
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
  /** Where the planes lie among the dimensions. Default `nchw`. */
  readonly layout?: 'nchw' | 'nhwc'
  /** Pixels of the shorter side before the middle is cut out. Without it the picture is stretched to the input's size. */
  readonly shorterSide?: number
}

/** How a text becomes the model's inputs: by a tokenizer in the format of Hugging Face's `tokenizers`. */
export interface TextInput {
  /** The input of token ids, and those that go with it where the model has them. */
  readonly ids: string
  readonly mask?: string
  readonly types?: string
  /** Paths among the model's files. */
  readonly tokenizer: string
  readonly config?: string
  /** Tokens at most; a longer text is cut. */
  readonly most: number
}

/** How one output becomes names: one number for each along its last axis. */
export interface Labels {
  readonly output: string
  readonly names: readonly string[]
  /** What turns the numbers into shares of 1, for showing alone: `none` where they are shares already. */
  readonly activation: 'softmax' | 'sigmoid' | 'none'
}

/** The greatest deviation at which a gpu's claim agrees with another, and how it was found: on seeded inputs, on one device. */
export interface Tolerance extends Deviation {
  readonly seen: Deviation
  readonly runs: number
  /** The GPU, as its browser names it. */
  readonly adapter: string
  /** The two engines, as receipts print them. */
  readonly builds: readonly string[]
}

/** What is said of a model before somebody signs it. */
export interface ManifestDraft {
  readonly name: string
  readonly version: string
  /** The version that this one comes after, by the same publisher. */
  readonly parent?: ModelId
  /** What is new, in the publisher's words. */
  readonly notes?: string
  /** As Hugging Face names tasks: `image-classification`. */
  readonly task?: string
  /** An SPDX identifier, or what the source calls it; `unknown` where nobody said. */
  readonly licence: string
  /** Where the files came from: a web address, or nothing where they were a person's own. */
  readonly source?: string
  readonly files: readonly ModelFile[]
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  /** Numbers in the weights. */
  readonly parameters: number
  /** Bytes that a run takes, estimated: weights twice, and what the graph declares of its intermediates. */
  readonly memory: number
  readonly arithmetic: Arithmetic
  /** Sha-256 of the wasm binary in which `canonicalRun` and `tolerance` were found. */
  readonly canon: Uint8Array
  /** `exposed` where a plain run's bits differ from a run with every intermediate exposed, which is the canon. */
  readonly canonicalRun: 'plain' | 'exposed'
  readonly tolerance?: Tolerance
  readonly image?: ImageInput
  readonly text?: TextInput
  readonly labels?: Labels
}

/** What identifies a model. Its dag-cbor encoding's CID is the model's identity: whoever holds the CID can check every byte of it. */
export interface Manifest extends ManifestDraft {
  /** Whose name it goes by: `publisher/name@version`. Nobody owns a name but among their own. */
  readonly publisher: PeerId
  /** The publisher's, over `manifestBytes`. */
  readonly signature: Uint8Array
}

/** Bytes of every block of a file but its last. */
export const BLOCK_SIZE = 1024 * 1024
/** Bytes of the largest model that a tab runs, weights beside it included: what it can hold beside its session. */
export const MAX_MODEL = 256 * 1024 * 1024
/** Bytes of the largest file that is kept and passed on: its list of blocks still is a small part of a manifest. */
export const MAX_FILE = 1024 * 1024 * 1024
/** Bytes of a tokenizer or of settings, which an asker reads whole: the largest vocabularies in use take 20 MB. */
export const MAX_SETTINGS = 64 * 1024 * 1024
/** Bytes of a manifest: 64 KiB of block digests, and the labels of the largest classifiers. */
export const MAX_MANIFEST = 512 * 1024
/** Files of one model: exports in the wild have up to ten. */
export const MAX_FILES = 32

/** Past this a tolerance tells a wrong answer from a right one no more: one channel wrong by 1 % is 7e-4, quantising flips are 2e-3. */
export const MAX_TOLERANCE: Deviation = { rms: 1e-2, scaled: 2e-2 }

export const blockCount = (size: number): number => Math.max(1, Math.ceil(size / BLOCK_SIZE))
/** Bytes of the block at `index`. */
export const blockLength = (size: number, index: number): number => Math.min(BLOCK_SIZE, size - index * BLOCK_SIZE)

/** The file that holds the graph. Every manifest that was read has one. */
export function graphOf({ files }: Pick<ManifestDraft, 'files'>): ModelFile {
  const file = files.find(({ role }) => role === 'model')
  if (file === undefined) throw new RangeError('a manifest without a model file was never read')
  return file
}

/** The files without which it does not run. */
export const runFiles = ({ files }: Pick<ManifestDraft, 'files'>): readonly ModelFile[] =>
  files.filter(({ role }) => role === 'model' || role === 'weights')

/** Bytes of some files. */
export const sizeOf = (files: readonly Pick<ModelFile, 'size'>[]): number =>
  files.reduce((sum, { size }) => sum + size, 0)

/** Letters and digits of any script, with dots, dashes, underlines and spaces between: nothing that looks like markup or another name. */
const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._ -]{0,62}[\p{L}\p{M}\p{N}])?$/u
const VERSION = /^[0-9A-Za-z](?:[0-9A-Za-z.+_-]{0,30}[0-9A-Za-z])?$/
const PATH = /^(?!.*(?:^|\/)\.\.?(?:\/|$))[^\p{Cc}\p{Cs}\ufffd/\\][^\p{Cc}\p{Cs}\ufffd\\]{0,255}$/su
/** Neither control characters, nor marks that turn the direction of what follows, nor what stands for bytes that were no UTF-8. */
const PLAIN = /^[^\p{Cc}\p{Cs}\ufffd\u202a-\u202e\u2066-\u2069]*$/u
const PARAGRAPHS = /^(?:[^\p{Cc}\p{Cs}\ufffd\u202a-\u202e\u2066-\u2069]|\n)*$/u

/** Whether a model may be called so. */
export const isName = (name: string): boolean => NAME.test(name)
export const isVersion = (version: string): boolean => VERSION.test(version)
/** Whether a file of a model may be called so. */
export const isPath = (path: string): boolean => PATH.test(path)

/** The nearest that a model may be called to what a file, a repository or a person calls it. */
export function nameFrom(text: string): string {
  const name = text
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._ -]+/gu, '-')
    .slice(0, 64)
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu, '')
  return isName(name) ? name : 'model'
}

const matching = (pattern: RegExp, most: number, why: string) =>
  v.pipe(v.string(), v.maxLength(most), v.regex(pattern, why))
/** A line that others are shown, of at most so many UTF-16 code units. */
export const plain = (most: number) => matching(PLAIN, most, 'must be plain text in UTF-8')
const count = (least: number, most: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most))
const bytes = (length: number) =>
  v.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === length, `must be ${length} bytes`)
const finite = v.pipe(v.number(), v.finite())
const deviation = { rms: v.pipe(finite, v.minValue(0)), scaled: v.pipe(finite, v.minValue(0)) }
const path = matching(PATH, 256, 'must be a relative path')
const valueName = v.pipe(v.string(), v.maxLength(256))
const values = v.pipe(
  v.array(
    v.strictObject({
      name: valueName,
      dtype: v.picklist(Object.keys(BYTES_PER_ELEMENT) as DType[]),
      dims: v.pipe(v.array(v.nullable(count(0, Number.MAX_SAFE_INTEGER))), v.maxLength(16)),
    }),
  ),
  v.maxLength(256),
)
const planes = v.pipe(v.array(v.picklist(['gray', 'red', 'green', 'blue'])), v.minLength(1), v.maxLength(4))
const numbers = v.pipe(v.array(finite), v.maxLength(4))

const fileSchema = v.pipe(
  v.strictObject({
    path,
    role: v.picklist(['model', 'weights', 'tokenizer', 'config']),
    size: count(1, MAX_FILE),
    cid: v.custom<CID>((value) => CID.asCID(value) !== null, 'must be a CID'),
    blocks: v.array(bytes(32)),
  }),
  v.check(({ size, blocks }) => blocks.length === blockCount(size), 'must list one block for each MiB'),
)

const toleranceSchema = v.strictObject({
  rms: v.pipe(deviation.rms, v.maxValue(MAX_TOLERANCE.rms)),
  scaled: v.pipe(deviation.scaled, v.maxValue(MAX_TOLERANCE.scaled)),
  seen: v.strictObject(deviation),
  runs: count(1, 1_000),
  adapter: plain(128),
  builds: v.pipe(v.array(plain(128)), v.maxLength(2)),
})

/** What a manifest from outside must be, as far as each field says it alone: `readManifest` holds the fields against each other. */
export const ManifestSchema: v.GenericSchema<unknown, Manifest> = v.strictObject({
  name: matching(NAME, 64, 'must be letters and digits, with . _ - and spaces between'),
  version: matching(VERSION, 32, 'must be letters and digits, with . + _ - between'),
  publisher: plain(64),
  signature: bytes(64),
  parent: v.exactOptional(plain(128)),
  notes: v.exactOptional(matching(PARAGRAPHS, 2_000, 'must be plain text in UTF-8')),
  task: v.exactOptional(plain(64)),
  licence: plain(128),
  source: v.exactOptional(plain(512)),
  files: v.pipe(v.array(fileSchema), v.minLength(1), v.maxLength(MAX_FILES)),
  inputs: values,
  outputs: values,
  parameters: count(0, Number.MAX_SAFE_INTEGER),
  memory: count(0, Number.MAX_SAFE_INTEGER),
  arithmetic: v.picklist(['fp32', 'integer', 'fp16', 'qdq']),
  canon: bytes(32),
  canonicalRun: v.picklist(['plain', 'exposed']),
  tolerance: v.exactOptional(toleranceSchema),
  image: v.exactOptional(
    v.strictObject({
      input: valueName,
      planes,
      mean: numbers,
      deviation: numbers,
      layout: v.exactOptional(v.picklist(['nchw', 'nhwc'])),
      shorterSide: v.exactOptional(count(1, 8_192)),
    }),
  ),
  text: v.exactOptional(
    v.strictObject({
      ids: valueName,
      mask: v.exactOptional(valueName),
      types: v.exactOptional(valueName),
      tokenizer: path,
      config: v.exactOptional(path),
      most: count(1, 131_072),
    }),
  ),
  labels: v.exactOptional(
    v.strictObject({
      output: valueName,
      names: v.pipe(v.array(plain(128)), v.minLength(1), v.maxLength(65_536)),
      activation: v.picklist(['softmax', 'sigmoid', 'none']),
    }),
  ),
})
