export { canonicalRunOf } from './canonical-run.ts'
export { manifestOf } from './manifest-of.ts'
export { openCpuEngine, openGpuEngine } from './web.ts'
export type { GpuOptions, ModelEngine } from './worker-engine.ts'
