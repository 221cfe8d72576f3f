import { fault } from '../../domain/fault.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { Models, ModelSummary } from '../../peer/view.ts'
import { roomFor, textTensors } from './text-tensors.ts'
import { tokenize } from './tokenize.ts'

/**
 * What a model gets for a text: its own tokenizer is brought here and run, once, by the asker. Rejects with what
 * `Models.file` rejects with, `MALFORMED`, `TIMED_OUT`, `WRONG_INPUT`, `WRONG_DTYPE`.
 */
export async function textInput(
  { id, manifest }: ModelSummary,
  words: string,
  models: Pick<Models, 'file'>,
  { signal }: { signal: AbortSignal },
): Promise<Tensors> {
  const { text } = manifest
  if (text === undefined)
    throw fault({ code: 'WRONG_INPUT', input: 'text', expected: 'numbers, not words', got: 'a text' })
  const most = roomFor(manifest, text)
  const [tokenizer, config] = await Promise.all([
    models.file(id, text.tokenizer, { signal }),
    text.config === undefined ? undefined : models.file(id, text.config, { signal }),
  ])
  return textTensors(manifest, text, await tokenize({ tokenizer, config, text: words, most }, { signal }))
}
