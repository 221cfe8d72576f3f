import * as v from 'valibot'
import { nameOf } from './choose-files.ts'

/** Bytes of the longest settings looked at: names of 21,000 classes take 1 MB. A tokenizer is looked at by what uses it. */
const MAX_SETTINGS = 4 << 20
/** Lines of the longest list of labels. */
const MAX_LABELS = 65_536
/** Characters of a label. */
const MAX_LABEL = 128

const optional = <T>(schema: v.GenericSchema<unknown, T>) => v.fallback(v.optional(schema), undefined)
const text = v.pipe(v.string(), v.maxLength(1_024))
const finite = v.pipe(v.number(), v.finite())
const side = v.pipe(finite, v.integer(), v.minValue(1), v.maxValue(8_192))
const sides = v.union([
  side,
  v.object({ shortest_edge: optional(side), height: optional(side), width: optional(side) }),
])
/** No model is trained on numbers further from 1 than a million times. */
const sane = v.pipe(
  finite,
  v.check((value) => value === 0 || (Math.abs(value) >= 1e-6 && Math.abs(value) <= 1e6)),
)
const planes = v.pipe(v.array(sane), v.minLength(1), v.maxLength(4))

/** `config.json` of Hugging Face's transformers, as far as it says what an output means. */
const ConfigSchema = v.object({
  id2label: optional(v.record(text, text)),
  problem_type: optional(text),
  architectures: optional(v.array(text)),
  max_position_embeddings: optional(side),
})

/** `preprocessor_config.json`: what happens to a picture before the model sees it. */
const PreprocessorSchema = v.object({
  do_resize: optional(v.boolean()),
  do_rescale: optional(v.boolean()),
  do_normalize: optional(v.boolean()),
  do_center_crop: optional(v.boolean()),
  do_flip_channel_order: optional(v.boolean()),
  rescale_factor: optional(sane),
  image_mean: optional(planes),
  image_std: optional(planes),
  size: optional(sides),
  crop_pct: optional(v.pipe(finite, v.minValue(0.25), v.maxValue(1))),
})

/** `tokenizer_config.json`: how long a text may be. Some say 10^30 for no limit. */
const TokenizerConfigSchema = v.object({ model_max_length: optional(finite) })

/** What the files beside a model say, as far as it reads. */
export interface ModelSettings {
  readonly config?: v.InferOutput<typeof ConfigSchema>
  readonly preprocessor?: v.InferOutput<typeof PreprocessorSchema>
  readonly tokenizerConfig?: v.InferOutput<typeof TokenizerConfigSchema>
  readonly labels?: readonly string[]
}

/** Reads the settings among some files. What is no such thing says nothing. */
export function readModelSettings(files: readonly { path: string; bytes: Uint8Array }[]): ModelSettings {
  let settings: ModelSettings = {}
  for (const { path, bytes } of files) {
    if (bytes.length > MAX_SETTINGS) continue
    const written = new TextDecoder().decode(bytes)
    if (/\.txt$/i.test(path)) settings = { ...settings, labels: readLabelList(written) }
    const json = parsed(written)
    if (json === undefined) continue
    switch (nameOf(path).toLowerCase()) {
      case 'config.json':
        settings = { ...settings, config: v.parse(v.fallback(ConfigSchema, {}), json) }
        break
      case 'preprocessor_config.json':
        settings = { ...settings, preprocessor: v.parse(v.fallback(PreprocessorSchema, {}), json) }
        break
      case 'tokenizer_config.json':
        settings = { ...settings, tokenizerConfig: v.parse(v.fallback(TokenizerConfigSchema, {}), json) }
        break
      default:
    }
  }
  return settings
}

/**
 * A list of labels: one to a line, perhaps with its number or its WordNet id before it, or written as a Python dict. An
 * empty one in between goes by its number.
 */
export function readLabelList(written: string): readonly string[] {
  const lines = written.trimEnd().split(/\r?\n/, MAX_LABELS)
  const inDict = lines.map((line) => /^\s*\{?\s*\d+\s*:\s*(['"])(.*)\1\s*[,}]*\s*$/.exec(line))
  const isDict = lines[0]?.startsWith('{') === true && inDict[0] !== null
  const labels = isDict
    ? inDict.flatMap((match) => match?.[2] ?? [])
    : lines.map((line) => line.replace(/^\s*(?:n\d{8}|\d+[:,\t])\s*/, ''))
  return labels[0] === '' && labels.length === 1 ? [] : labels.map((label, i) => plainLabel(label) || String(i))
}

/** The labels of `id2label`, where it numbers all of them from 0 on. */
export function labelsIn(id2label: Readonly<Record<string, string>> | undefined): readonly string[] | undefined {
  const count = Object.keys(id2label ?? {}).length
  if (id2label === undefined || count === 0 || count > MAX_LABELS) return undefined
  const labels = Array.from({ length: count }, (_, i) => (Object.hasOwn(id2label, i) ? id2label[i] : undefined))
  return labels.every((label) => label !== undefined) ? labels.map(plainLabel) : undefined
}

/** What may stand in a manifest of what strangers wrote: no control characters, no marks that turn the direction. */
const plainLabel = (written: string): string => plainText(written, MAX_LABEL)

export const plainText = (written: string, most: number): string =>
  written
    .replace(/[\p{Cc}\p{Cs}\ufffd\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
    .slice(0, most)
    .replace(/\p{Cs}$/u, '')

function parsed(written: string): unknown {
  try {
    return JSON.parse(written)
  } catch {
    return undefined
  }
}
