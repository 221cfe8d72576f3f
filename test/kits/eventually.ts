import { vi } from 'vitest'

/** Resolves once `check` passes: waits for what comes by itself, as long as a busy machine may take. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 20_000 })
