export { fetchBlocks, type FetchOptions } from './client.ts'
export { serveBlocks } from './handler.ts'
