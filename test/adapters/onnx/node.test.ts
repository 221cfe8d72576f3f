import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { openNodeCpuEngine } from '../../../src/adapters/onnx/node.ts'
import { canonicalOutputsKit } from '../../kits/canonical-outputs.ts'
import { inferenceEngineKit } from '../../kits/inference-engine.ts'

const models = new URL('../../../../shared/models/', import.meta.url)
const read = async (name: string) => new Uint8Array(await readFile(new URL(`${name}.onnx`, models)))

inferenceEngineKit('the cpu engine in Node', openNodeCpuEngine)
canonicalOutputsKit('the cpu engine in Node', openNodeCpuEngine, existsSync(models) ? read : undefined)
