import type { EngineKind } from '../domain/states.ts'

/** A charter that a person signed on this site: what the door can say of it before anything is loaded. */
export interface SignedCharter {
  /** Its CID. */
  readonly id: string
  readonly title: string
  readonly version: number
  readonly labels: readonly string[]
}

/** What the Join screen remembers on this site: that consent was given, the choices made with it, and charters signed. */
export interface JoinMemory {
  readonly consented: boolean
  readonly charters: readonly SignedCharter[]
  readonly duty: number
  readonly cacheBytes: number
  readonly engine: EngineKind
}

/** Shares of the time that a person may give. */
export const DUTIES = [0.1, 0.25, 0.5] as const
/** Bytes of models that a person may keep. */
export const CACHES = [64, 256, 1024].map((mebibytes) => mebibytes * 1024 ** 2)

const KEY = 'moot.join'
/** Charters that are remembered, the last signed first; characters of a title or a label. */
const MAX_CHARTERS = 16
const MAX_WORDS = 280
const FRESH: JoinMemory = { consented: false, charters: [], duty: 0.25, cacheBytes: 256 * 1024 ** 2, engine: 'cpu' }

/** Reads what was kept; whatever is missing or odd is as on a first visit. */
export function recall(): JoinMemory {
  const kept = stored()
  return {
    consented: kept['consented'] === true,
    charters: listOf(kept['charters']).slice(0, MAX_CHARTERS).flatMap(readCharter),
    duty: DUTIES.find((duty) => duty === kept['duty']) ?? FRESH.duty,
    cacheBytes: CACHES.find((bytes) => bytes === kept['cacheBytes']) ?? FRESH.cacheBytes,
    engine: kept['engine'] === 'gpu' ? 'gpu' : FRESH.engine,
  }
}

/** Keeps it, where this browser lets us: a refusal only means being asked again. */
export function remember({ consented, charters, duty, cacheBytes, engine }: JoinMemory): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ consented, charters, duty, cacheBytes, engine }))
  } catch {
    return
  }
}

/** Keeps what a charter says of itself, now that it was signed here. */
export function rememberCharter({ id, title, version, labels }: SignedCharter): void {
  const memory = recall()
  const others = memory.charters.filter((charter) => charter.id !== id)
  remember({ ...memory, charters: [{ id, title, version, labels }, ...others].slice(0, MAX_CHARTERS) })
}

function stored(): Record<string, unknown> {
  try {
    return recordOf(JSON.parse(localStorage.getItem(KEY) ?? '{}'))
  } catch {
    return {}
  }
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function readCharter(value: unknown): SignedCharter[] {
  const { id, title, version, labels } = recordOf(value)
  if (typeof id !== 'string' || typeof title !== 'string' || typeof version !== 'number') return []
  const words = listOf(labels).flatMap((label) => (typeof label === 'string' ? [label.slice(0, MAX_WORDS)] : []))
  return [{ id, title: title.slice(0, MAX_WORDS), version, labels: words.slice(0, MAX_CHARTERS) }]
}
