import { MemoryBlockStore } from '../../../src/adapters/memory/block-store.ts'
import { blockStoreKit } from '../../kits/block-store.ts'

blockStoreKit('memory', async (capacity) => new MemoryBlockStore({ capacity }))
