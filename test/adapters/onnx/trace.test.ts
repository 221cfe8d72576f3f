import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { openNodeCpuEngine } from '../../../src/adapters/onnx/node.ts'
import { realTracesKit, tracesKit } from '../../kits/traces.ts'

const models = new URL('../../../../shared/models/', import.meta.url)
const read = async (name: string) => new Uint8Array(await readFile(new URL(`${name}.onnx`, models)))

tracesKit('the canon in Node', openNodeCpuEngine)
realTracesKit('the canon in Node', openNodeCpuEngine, existsSync(models) ? read : undefined)
