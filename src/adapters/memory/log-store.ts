import type { Signed } from '../../domain/envelope.ts'
import { hex } from '../../domain/hash.ts'
import { PAGE_ENTRIES } from '../../domain/ledger/log-page.ts'
import type { LogStore } from '../../ports/log-store.ts'

/** Logs until the tab closes. */
export function memoryLogs(): LogStore {
  const logs = new Map<string, Signed[]>()
  let beside: readonly Signed[] = []
  return {
    async *load() {
      for (const log of logs.values())
        for (let at = 0; at < log.length; at += PAGE_ENTRIES) yield structuredClone(log.slice(at, at + PAGE_ENTRIES))
      if (beside.length > 0) yield structuredClone(beside)
    },
    async append(entries) {
      for (const { signed, seq } of entries) {
        const name = hex(signed.key)
        const log = logs.get(name) ?? []
        log[seq] = structuredClone(signed)
        logs.set(name, log)
      }
    },
    async cut(key, seq) {
      const name = hex(key)
      logs.get(name)?.splice(seq)
      if (seq === 0) logs.delete(name)
    },
    async beside(entries) {
      beside = structuredClone(entries)
    },
    async clear() {
      logs.clear()
      beside = []
    },
  }
}
