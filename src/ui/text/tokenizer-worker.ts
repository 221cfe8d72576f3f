import { Tokenizer } from '@huggingface/tokenizers'
import type { TokenizerAnswer, TokenizerQuestion } from './tokenize.ts'

/**
 * Cuts one text into tokens and is ended. A tokenizer is a stranger's program (rules, regular expressions): here it can
 * hold up nobody, and whoever asked ends it when it takes too long.
 */
function answer({ tokenizer, config, text, most }: TokenizerQuestion): TokenizerAnswer {
  const settings = config === undefined ? {} : object(config, 'tokenizer settings')
  const parts = new Tokenizer(object(tokenizer, 'tokenizer'), settings)
  const whole = parts.encode(text, { return_token_type_ids: true })
  const ids = shorten(whole.ids, () => parts.encode(text, { add_special_tokens: false }).ids, most)
  const pad = (settings as { pad_token?: string | { content?: string } | null }).pad_token
  const padding = parts.token_to_id((typeof pad === 'object' ? pad?.content : pad) ?? '[PAD]') ?? 0
  return { ids, types: whole.token_type_ids.slice(0, ids.length), padding }
}

/** The first tokens, and whatever the tokenizer puts around a text still around it. */
function shorten(whole: readonly number[], bare: () => readonly number[], most: number): readonly number[] {
  if (whole.length <= most) return whole
  const body = bare()
  const around = whole.length - body.length
  const starts = Array.from({ length: around + 1 }, (_, i) => i)
  const before = starts.find((start) => body.every((id, i) => whole[start + i] === id))
  if (before === undefined || around >= most) return whole.slice(0, most)
  return [...whole.slice(0, most - (around - before)), ...whole.slice(before + body.length)]
}

function object(bytes: Uint8Array, what: string): object {
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  if (typeof value !== 'object' || value === null) throw new Error(`the ${what} must be a JSON object`)
  return value
}

self.addEventListener('message', ({ data }: MessageEvent<TokenizerQuestion>) => {
  try {
    postMessage(answer(data))
  } catch (error) {
    postMessage({ why: error instanceof Error ? error.message : String(error) } satisfies TokenizerAnswer)
  }
})
