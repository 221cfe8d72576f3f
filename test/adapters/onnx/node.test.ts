import { openNodeCpuEngine } from '../../../src/adapters/onnx/node.ts'
import { inferenceEngineKit } from '../../kits/inference-engine.ts'

inferenceEngineKit('the cpu engine in Node', openNodeCpuEngine)
