import { buildIfNeeded, DIST } from '../../src/entry/build-app.ts'
import { measureBytes, total } from './bytes.ts'
import type { Bench } from './figure.ts'

/** Bytes: a phone on a slow network has the Join screen in a second. */
const MOST_BEFORE_JOIN = 60_000
/** Bytes: engines and network come after Join, and their wasm dwarfs this. */
const MOST_AFTER_JOIN = 260_000

export const bench: Bench = async () => {
  await buildIfNeeded({ signal: AbortSignal.timeout(120_000) })
  const { beforeJoin, afterJoin, behind, onDemand } = measureBytes(DIST)
  return [
    { what: 'before Join, gzip', value: total(beforeJoin), unit: 'bytes', bar: MOST_BEFORE_JOIN, raw: beforeJoin },
    {
      what: 'scripts that a tab loads after Join without wasm, gzip',
      value: total(afterJoin),
      unit: 'bytes',
      bar: MOST_AFTER_JOIN,
      raw: afterJoin,
    },
    {
      what: 'scripts that follow once the peer has joined, for the records of the room, gzip',
      value: total(behind),
      unit: 'bytes',
      raw: behind,
    },
    {
      what: 'scripts loaded on demand (hosting, receipts, the gpu engine), gzip',
      value: total(onDemand),
      unit: 'bytes',
      raw: onDemand,
    },
  ]
}
