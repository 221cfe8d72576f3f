import { openCpuEngine } from '../../../../src/adapters/onnx/index.ts'
import { sweepBitsKit } from '../../../kits/sweep-bits.ts'

const createWorker = () =>
  new Worker(new URL('../../../../src/entry/inference-worker.ts', import.meta.url), { type: 'module' })

sweepBitsKit('the canon in a tab', () => openCpuEngine({ createWorker }))
