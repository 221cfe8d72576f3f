import { encode } from '@ipld/dag-cbor'
import type { RecordStore } from '../../ports/record-store.ts'
import { storageFault, type MootConnection, type MootDatabase } from './database.ts'

export interface IdbRecordsInit {
  readonly database: MootDatabase
  readonly name: 'models' | 'imports' | 'opinions' | 'standing' | 'charters'
}

/** Records of one kind in this browser, each as it was given. */
export function openIdbRecords({ database, name }: IdbRecordsInit): RecordStore {
  const use = async <T>(body: (connection: MootConnection) => Promise<T>, bytes = () => 0): Promise<T> => {
    try {
      return await body(await database.connect())
    } catch (error) {
      throw storageFault(error, bytes())
    }
  }
  return {
    all: () =>
      use(async (connection) => {
        const { store } = connection.transaction(name)
        const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()])
        return keys.map((key, i) => [key, values[i]] as const)
      }),
    get: (key) => use((connection) => connection.get(name, key)),
    put: (key, value) =>
      use(
        async (connection) => {
          const tx = connection.transaction(name, 'readwrite', { durability: 'relaxed' })
          await Promise.all([tx.store.put(value, key), tx.done])
        },
        () => encode(value).length,
      ),
    delete: (key) => use((connection) => connection.delete(name, key)),
  }
}
