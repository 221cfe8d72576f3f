import type { ModelFile, TextInput } from '../domain/manifest.ts'
import type { Inspection } from '../ports/model-inspector.ts'
import { nameOf } from './choose-files.ts'
import type { ModelSettings } from './read-model-settings.ts'

/** Tokens where nobody says how many: what most encoders were trained on. */
const USUAL_LENGTH = 512
/** Tokens of the longest text that a tab takes in. */
const MAX_LENGTH = 131_072

/** How a text might become inputs: by the tokenizer beside the model, into the inputs that exporters call so. */
export function proposeText(
  { inputs }: Pick<Inspection, 'inputs'>,
  files: readonly Pick<ModelFile, 'path' | 'role'>[],
  { config, tokenizerConfig }: ModelSettings,
): TextInput | undefined {
  const tokenizer = files.find(({ role }) => role === 'tokenizer')?.path
  const whole = inputs.filter(({ dtype }) => dtype === 'int64' || dtype === 'int32').map(({ name }) => name)
  const ids = whole.find((name) => /^(?:input_?ids|tokens|ids)$/i.test(name))
  if (tokenizer === undefined || ids === undefined) return undefined
  const mask = whole.find((name) => /^(?:attention_?mask|input_?mask)$/i.test(name))
  const types = whole.find((name) => /^(?:token_?type_?ids|segment_?ids)$/i.test(name))
  const settings = files.find(({ path }) => nameOf(path) === 'tokenizer_config.json')?.path
  const fixed = inputs.find(({ name }) => name === ids)?.dims.at(-1)
  const limits = [fixed, tokenizerConfig?.model_max_length, config?.max_position_embeddings]
  const said = limits.filter((limit) => typeof limit === 'number' && limit >= 1 && limit <= MAX_LENGTH)
  return {
    ids,
    tokenizer,
    most: said.length === 0 ? USUAL_LENGTH : Math.floor(Math.min(...(said as number[]))),
    ...(mask === undefined ? {} : { mask }),
    ...(types === undefined ? {} : { types }),
    ...(settings === undefined ? {} : { config: settings }),
  }
}
