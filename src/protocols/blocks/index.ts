export type { FetchOptions } from './download.ts'
export { blockExchange, type BlockExchange } from './exchange.ts'
export { serveBlocks, type BlockServer } from './handler.ts'
export type { Holder, HolderEnd, WantedBlock } from './source.ts'
