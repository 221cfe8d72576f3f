import { FP32_RULE, tensorDeviation, type Deviation } from './agreement.ts'
import { aligned, elements, isFinite } from './elements.ts'
import type { Tensor, Tensors } from './tensor.ts'

/**
 * How far one operator, run alone on equal inputs, may honestly lie from the canon: nothing has added up yet, so the limits are far
 * below the rule of agreement. Seen on onnxruntime-web 1.30.0, SwiftShader against the canon (scaled): bit-exact for integers, Relu, Add, Mul,
 * Concat, MaxPool and their like; sums 1.5e-6; Sigmoid 1e-5; Sin and Cos 2e-4. The margins are for GPUs nobody has measured: what
 * shaders may do is in https://www.w3.org/TR/WGSL/#floating-point-accuracy (Sin, Cos 2^-11, Acos 6.8e-5, Atan 4,096 units in the last place).
 */
interface Kind {
  readonly operators: RegExp
  readonly limit: number
  /** For functions into −1 … 1 the last bits are those of 1, however small the value. */
  readonly least?: number
  /** What a rounding of the inputs would move as well is no fault. Not where equal inputs leave nothing to round. */
  readonly rounds: boolean
}

const KINDS: readonly Kind[] = [
  {
    operators:
      /^(Abs|Add|And|ArgMax|ArgMin|Cast|Ceil|Clip|Compress|Concat|ConstantOfShape|DepthToSpace|Equal|Expand|Flatten|Floor|Gather\w*|Greater\w*|Identity|IsInf|IsNaN|LeakyRelu|Less\w*|Max|MaxPool|GlobalMaxPool|Min|Mul|Neg|NonZero|Not|OneHot|Or|Pad|PRelu|Range|ReduceMax|ReduceMin|Relu|Reshape|Round|Scatter\w*|Shape|Sign|Size|Slice|SpaceToDepth|Split|Squeeze|Sub|Tile|TopK|Transpose|Trilu|Unsqueeze|Where|Xor)$/,
    limit: 1e-6,
    rounds: false,
  },
  {
    operators:
      /^(AveragePool|Attention|BatchNormalization|Conv|ConvTranspose|CumSum|Div|Einsum|Gemm|GlobalAveragePool|GlobalLpPool|GRU|InstanceNormalization|LayerNormalization|LogSoftmax|Lp\w+|LRN|LSTM|MatMul|Mean|MeanVarianceNormalization|Reciprocal|Reduce\w+|Resize|RMSNormalization|RNN|Softmax|Sqrt|Sum)$/,
    limit: 1e-5,
    rounds: true,
  },
  { operators: /^(Erf|Sigmoid|HardSigmoid|Softsign|Tanh)$/, limit: 5e-5, least: 1, rounds: true },
  { operators: /^(Sin|Cos|Asin|Acos|Atan|DFT|STFT)$/, limit: 1e-3, least: 1, rounds: true },
  {
    operators: /^(Acosh|Asinh|Atanh|Celu|Cosh|Elu|Exp|Gelu|HardSwish|Log|Mish|Pow|Selu|Sinh|Softplus|Swish|Tan)$/,
    limit: 1e-3,
    rounds: true,
  },
]

/** Operators whose results are rounded to whole steps: one step more or less is rounding, and no broken one stops there. */
const TO_STEPS = /^(QuantizeLinear|DynamicQuantizeLinear|QLinear\w+)$/

/** Of numbers of 11 bits, one more or less in the last place four times over. */
const HALF_LIMIT = 4e-3

/** How far inputs are moved to see what rounding alone could do: 16 units in the last place of a float32. */
const NUDGE = 2 ** -20

/** Times as much as such a move is still rounding: a sum of 10,000 numbers rounds by four times as much as its inputs moved so. */
const PATIENCE = 8

const kindOf = (type: string): Kind | undefined => KINDS.find(({ operators }) => operators.test(type))

/** The limit for a value that an operator of this type makes. Operators with bodies, and any that nobody measured: the rule of agreement. */
export function oneStepLimit(type: string, { dtype }: Pick<Tensor, 'dtype'>): Deviation {
  const limit = kindOf(type)?.limit
  const { rms, scaled } = limit === undefined ? FP32_RULE : { rms: limit, scaled: limit }
  return dtype === 'float16'
    ? { rms: Math.max(rms, HALF_LIMIT), scaled: Math.max(scaled, HALF_LIMIT) }
    : { rms, scaled }
}

/** How far a value lies from the canon's, where that is a number: of all else (NaN, infinities) shaders promise nothing. */
export function oneStepDeviation(type: string, reference: Tensor, other: Tensor | undefined): Deviation {
  if (other && TO_STEPS.test(type) && withinOneStep(reference, other)) return { rms: 0, scaled: 0 }
  const [a, b] = isFinite(reference) || !other ? [reference, other] : finiteOf(reference, other)
  return tensorDeviation(a, b, kindOf(type)?.least)
}

/** Whether rounding may have a part in what an operator of this type makes. */
export const rounds = (type: string): boolean => kindOf(type)?.rounds ?? true

/** Whether the deviation that was seen is no more than rounding, by how far the value moves with its inputs: `moved` is that deviation on `nudged` inputs. */
export const isRounding = (seen: Deviation, moved: Deviation): boolean =>
  seen.rms <= PATIENCE * moved.rms && seen.scaled <= PATIENCE * moved.scaled

/** Ways to move inputs: up and down by turns, and with no pattern. What cancels out in one does not in the other. */
export const NUDGES = ['by turns', 'mixed'] as const

/** The inputs with every float32 moved up or down by some units in the last place. */
export const nudged = (inputs: Tensors, way: (typeof NUDGES)[number]): Tensors =>
  Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, nudgedTensor(tensor, way)]))

function nudgedTensor(tensor: Tensor, way: (typeof NUDGES)[number]): Tensor {
  if (tensor.dtype !== 'float32') return tensor
  const values = new Float32Array(aligned(tensor, 4))
  const isUp = (i: number) => (way === 'mixed' ? (Math.imul(i + 1, 0x9e3779b1) >>> 17) & 1 : i & 1) === 1
  return { ...tensor, data: new Uint8Array(values.map((value, i) => value * (1 + (isUp(i) ? NUDGE : -NUDGE))).buffer) }
}

/** Both, with zeros where the reference is no number. */
function finiteOf(reference: Tensor, other: Tensor): [Tensor, Tensor] {
  const numbers = Array.from(elements(reference), Number.isFinite)
  const masked = (tensor: Tensor): Tensor => {
    const values = Float64Array.from(elements(tensor), (value, i) => (numbers[i] === false ? 0 : value))
    return { dtype: 'float64', dims: tensor.dims, data: new Uint8Array(values.buffer) }
  }
  return reference.dtype === other.dtype ? [masked(reference), masked(other)] : [reference, other]
}

function withinOneStep(reference: Tensor, other: Tensor): boolean {
  if (reference.dtype !== other.dtype || String(reference.dims) !== String(other.dims)) return false
  if (reference.dtype.startsWith('float')) return false
  const [a, b] = [elements(reference), elements(other)]
  for (let i = 0; i < a.length; i++) if (Math.abs((a[i] ?? 0) - (b[i] ?? 0)) > 1) return false
  return true
}
