import type { RecordStore } from '../../ports/record-store.ts'

/** Records until the tab closes. */
export function memoryRecords(): RecordStore {
  const records = new Map<string, unknown>()
  return {
    all: async () => structuredClone([...records].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    get: async (key) => structuredClone(records.get(key)),
    async put(key, value) {
      records.set(key, structuredClone(value))
    },
    async delete(key) {
      records.delete(key)
    },
  }
}
