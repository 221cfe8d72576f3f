import { fault } from '../domain/fault.ts'
import type { PlantedFault } from './plant-fault.ts'

/** What there is, as a person types it; `op=K,` before those of the first line puts the fault into operator K. */
export const FAULT_KINDS = [
  ...['scale=FACTOR', 'element[=INDEX]', 'fp16', 'bf16', 'false-assertion', 'contradiction'],
  ...['version', 'constant', 'copycat', 'silent', 'stall=commit', 'stall=reveal', 'vanish', 'skip-self-test'],
].join(', ')

/** Reads `[op=K,]KIND`: `scale=1.01`, `op=17,element=3`, `silent`. Throws `MALFORMED` with all that there is. */
export function parseFault(text: string): PlantedFault {
  const [, op, kind = '', value] = /^(?:op=(\d{1,6}),)?([a-z0-9-]+)(?:=(.*))?$/.exec(text.trim()) ?? []
  const planted = op === undefined ? plain(kind, value) : inOperator(kind, value, Number(op))
  if (planted !== undefined) return planted
  const why = `"${text.slice(0, 40)}" is none of ${FAULT_KINDS}, the first six with op=K, before them`
  throw fault({ code: 'MALFORMED', what: 'fault', why })
}

/** Kinds that may be in one operator. */
function inOperator(kind: string, value: string | undefined, op?: number): PlantedFault | undefined {
  const operator = op === undefined ? {} : { operator: op }
  switch (kind) {
    case 'scale':
      return value?.trim() && Number.isFinite(Number(value)) ? { kind, factor: Number(value), ...operator } : undefined
    case 'element':
      return /^\d{1,9}$/.test(value ?? '0') ? { kind, index: Number(value ?? 0), ...operator } : undefined
    case 'fp16':
    case 'bf16':
    case 'false-assertion':
    case 'contradiction':
      return value === undefined ? { kind, ...operator } : undefined
    default:
      return undefined
  }
}

function plain(kind: string, value: string | undefined): PlantedFault | undefined {
  switch (kind) {
    case 'stall':
      return value === 'commit' || value === 'reveal' ? { kind, at: value } : undefined
    case 'version':
    case 'constant':
    case 'copycat':
    case 'silent':
    case 'vanish':
    case 'skip-self-test':
      return value === undefined ? { kind } : undefined
    default:
      return inOperator(kind, value)
  }
}
