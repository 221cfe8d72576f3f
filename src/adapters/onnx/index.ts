export type { ModelEngine } from './model-engine.ts'
export { whileOpening, type OpeningEngine } from './opening-engine.ts'
export { canonOpener, openCpuEngine, openGpuEngine } from './web.ts'
export type { GpuOptions } from './worker-engine.ts'
