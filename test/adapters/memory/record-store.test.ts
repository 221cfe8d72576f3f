import { memoryRecords } from '../../../src/adapters/memory/record-store.ts'
import { recordStoreKit } from '../../kits/record-store.ts'

recordStoreKit('memory', memoryRecords)
