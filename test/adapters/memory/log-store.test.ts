import { memoryLogs } from '../../../src/adapters/memory/log-store.ts'
import { logStoreKit } from '../../kits/log-store.ts'

logStoreKit('memory', memoryLogs)
