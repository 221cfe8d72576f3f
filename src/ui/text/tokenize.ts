import { fault } from '../../domain/fault.ts'

/** Milliseconds that a tokenizer may take: the largest in use read their files in one to two seconds on a slow phone. */
const LIMIT_MS = 20_000

export interface TokenizerQuestion {
  /** Bytes of `tokenizer.json` and `tokenizer_config.json`. */
  readonly tokenizer: Uint8Array
  readonly config: Uint8Array | undefined
  readonly text: string
  readonly most: number
}

export interface Tokens {
  readonly ids: readonly number[]
  /** Which of two texts a token belongs to: all to the first. */
  readonly types: readonly number[]
  /** The id that stands for nothing. */
  readonly padding: number
}

export type TokenizerAnswer = Tokens | { readonly why: string }

/** Cuts a text into tokens in a worker of its own. Rejects with `MALFORMED`, `TIMED_OUT`, `CANCELLED`. */
export async function tokenize(question: TokenizerQuestion, { signal }: { signal: AbortSignal }): Promise<Tokens> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('./tokenizer-worker.ts', import.meta.url), { type: 'module' })
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    const answer = await new Promise<TokenizerAnswer>((resolve, reject) => {
      const late = () => reject(fault({ code: 'TIMED_OUT', what: 'tokenizer', limitMs: LIMIT_MS }))
      timer = setTimeout(late, LIMIT_MS)
      signal.addEventListener('abort', () => reject(fault({ code: 'CANCELLED' })), { once: true })
      worker.addEventListener('error', ({ message }) => resolve({ why: message || 'its worker could not be started' }))
      worker.addEventListener('message', ({ data }: MessageEvent<TokenizerAnswer>) => resolve(data))
      worker.postMessage(question)
    })
    if ('why' in answer) throw fault({ code: 'MALFORMED', what: 'tokenizer', why: answer.why.slice(0, 200) })
    return answer
  } finally {
    clearTimeout(timer)
    worker.terminate()
  }
}
