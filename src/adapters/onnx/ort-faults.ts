import { fault, MootError, type Fault } from '../../domain/fault.ts'

/** A buffer that a GPU could not make is told as invalid wherever it is used. */
const OUT_OF_MEMORY =
  /\[Invalid Buffer|bad_alloc|shape is too large|out of memory|failed to allocate|buffer allocation failed|array length/i
const NOT_ONNX = /protobuf parsing failed|no graph was found/i

/** Characters of an engine's own words that a person is shown. */
const MAX_WORDS = 240

/** An engine failure as a fault, and whether its wasm module is still sound. */
export interface Failure {
  readonly fault: Fault
  readonly spoiled: boolean
}

/** The failure behind whatever the engine threw. What it throws as a trap or a bare number has left its module half way. */
export function failureOf(error: unknown, memoryLimit: number): Failure {
  if (error instanceof MootError) return { fault: error.fault, spoiled: false }
  const words = wordsOf(error)
  if (OUT_OF_MEMORY.test(words))
    return { fault: { code: 'ENGINE_OUT_OF_MEMORY', limitBytes: memoryLimit }, spoiled: true }
  const spoiled = !(error instanceof Error) || error instanceof WebAssembly.RuntimeError
  return { fault: { code: 'ENGINE_FAILED', why: words }, spoiled }
}

/** What making a session threw, told as a fault of the model: that is all there is to it then. Memory and traps stay what they are. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof MootError || error instanceof WebAssembly.RuntimeError) return error
  if (OUT_OF_MEMORY.test(error.message)) return error
  if (NOT_ONNX.test(error.message))
    return fault({ code: 'MODEL_NOT_ONNX', why: 'its bytes are cut short or are something else' })
  return fault({ code: 'MODEL_REFUSED', why: wordsOf(error) })
}

/** The engine's words without its source paths, signatures and codes. */
const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : `it stopped with ${String(error)}`)
    .replace(/^.*ERROR_MESSAGE: /s, '')
    .replace(/^\/\S+\.(?:cc|h):\d+ .*?\)(?: const)? /s, '')
    .replace(/^\w+\.(?:cc|h):\d+ \w+ /, '')
    .replace(/^\[ONNXRuntimeError\] : \d+ : \w+ : /, '')
    .trim()
    .replace(/\.$/, '')
    .slice(0, MAX_WORDS)
