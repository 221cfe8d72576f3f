import { fault, MootError } from '../../domain/fault.ts'
import { CURRENT_CANON } from './canons.ts'

/** Operators whose output is drawn at random. */
const RANDOM = /^(Random|Bernoulli|Multinomial|Sampling|Bias(Bitmask)?Dropout|BitmaskDropout|BitmaskBiasDropout)/

/** Operators that write into what the next run reads, or wait for something outside: caches in place, optimisers, events. */
const STATEFUL = /^(PagedAttention|.*Optimizer|InPlaceAccumulator|RecordEvent|WaitEvent|YieldOp|Send|Recv)/

/** `com.microsoft` comes with the canon. */
const DOMAINS = new Set(['', 'com.microsoft'])

/** Gradients and optimisers, which change a model instead of running it. */
const TRAINING = /^ai\.onnx\.(preview\.)?training$/

export interface Operator {
  readonly domain: string
  readonly type: string
}

/** Throws `MODEL_REFUSED` for an operator on which two tabs could disagree, or that the canon lacks. */
export function admitOperator({ domain, type }: Operator, inputs: readonly string[]): void {
  if (RANDOM.test(type)) throw refused(`it draws at random (${type}), so that no two tabs would agree`)
  if (type === 'Dropout' && inputs[2])
    throw refused('it drops values at random (Dropout in training mode), so that no two tabs would agree')
  if (TRAINING.test(domain)) throw refused(`it is made for training (${type}), not for running`)
  if (!DOMAINS.has(standard(domain)))
    throw refused(`it needs the operator ${type} of "${domain}", which the canon does not have`)
  if (STATEFUL.test(type))
    throw refused(`it keeps something from one run to the next (${type}), so that no two tabs would agree`)
}

/** Throws `MODEL_REFUSED` for operators of a set that is newer than the canon. */
export function admitOpset(domain: string, version: number): void {
  const { maxOpset } = CURRENT_CANON
  if (standard(domain) === '' && version > maxOpset)
    throw refused(`it uses opset ${version}, and the canon knows them up to ${maxOpset}`)
}

/** Throws `MODEL_REFUSED` for a file of a format that is newer than the canon. */
export function admitFormat(version: number): void {
  const { maxIrVersion } = CURRENT_CANON
  if (version > maxIrVersion)
    throw refused(`its file format is version ${version}, and the canon knows them up to ${maxIrVersion}`)
}

/** The standard domain has two names. */
export const standard = (domain: string): string => (domain === 'ai.onnx' ? '' : domain)

export const refused = (why: string): MootError => fault({ code: 'MODEL_REFUSED', why })

export const notOnnx = (why = 'its bytes are cut short or are something else'): MootError =>
  fault({ code: 'MODEL_NOT_ONNX', why })

/** What reading came to: a fault of the model, whatever stopped the reader. */
export function reading<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof MootError ? error : notOnnx()
  }
}
