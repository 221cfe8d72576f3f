import type { EngineKind } from '../domain/states.ts'

/** What the Join screen remembers on this site: that consent was given, and the choices made with it. */
export interface JoinMemory {
  readonly consented: boolean
  readonly duty: number
  readonly cacheBytes: number
  readonly engine: EngineKind
}

/** Shares of the time that a person may give. */
export const DUTIES = [0.1, 0.25, 0.5] as const
/** Bytes of models that a person may keep. */
export const CACHES = [64, 256, 1024].map((mebibytes) => mebibytes * 1024 ** 2)

const KEY = 'moot.join'
const FRESH: JoinMemory = { consented: false, duty: 0.25, cacheBytes: 256 * 1024 ** 2, engine: 'cpu' }

/** Reads what was kept; whatever is missing or odd is as on a first visit. */
export function recall(): JoinMemory {
  const kept = stored()
  return {
    consented: kept['consented'] === true,
    duty: DUTIES.find((duty) => duty === kept['duty']) ?? FRESH.duty,
    cacheBytes: CACHES.find((bytes) => bytes === kept['cacheBytes']) ?? FRESH.cacheBytes,
    engine: kept['engine'] === 'gpu' ? 'gpu' : FRESH.engine,
  }
}

/** Keeps it, where this browser lets us: a refusal only means being asked again. */
export function remember({ consented, duty, cacheBytes, engine }: JoinMemory): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ consented, duty, cacheBytes, engine }))
  } catch {
    return
  }
}

function stored(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
