import { onTestFinished } from 'vitest'
import { MootDatabase } from '../../../src/adapters/idb/database.ts'

/** Opens databases that end with the test: each new, or the same one again under the same name. */
export function databases(): (name?: string) => MootDatabase {
  let made = 0
  return (name = `new-${made++}`) => {
    const unique = `moot-test-${import.meta.url}-${name}`
    const database = new MootDatabase({ name: unique })
    onTestFinished(async () => {
      await database.close()
      // What the next test measures is measured once this one's is gone.
      const deleting = indexedDB.deleteDatabase(unique)
      await new Promise((resolve) => (deleting.onsuccess = deleting.onerror = resolve))
    })
    return database
  }
}
