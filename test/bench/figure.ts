/** What a bench measured. */
export interface Figure {
  readonly what: string
  readonly value: number
  readonly unit: string
  /** The most that the value may be, where the project has set one. */
  readonly bar?: number
  /** The least that it may be, likewise. */
  readonly least?: number
  /** Every single measurement behind the value, or what else it was made from. */
  readonly raw?: unknown
}

/** What a `NAME.bench.ts` exports as `bench`. */
export type Bench = () => Promise<readonly Figure[]>
