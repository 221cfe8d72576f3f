import type { Tensor } from '../../../src/domain/tensor.ts'
import { textAttribute as text } from '../onnx-builder.ts'
import {
  swept,
  of,
  noise,
  positive,
  unit,
  aboveOne,
  strange,
  bools,
  bytes,
  scalar,
  weight,
  DIMS,
  unary,
  binary,
  type Swept,
} from './swept.ts'

export const elementwise: readonly Swept[] = [
  ...unary(['Abs', 'Atan', 'Ceil', 'Cos', 'Cosh', 'Erf', 'Exp', 'Floor', 'Neg', 'Round', 'Sigmoid'], noise(DIMS)),
  ...unary(['Sign', 'Sin', 'Sinh', 'Tan', 'Tanh', 'Asinh', 'IsInf', 'IsNaN'], noise(DIMS)),
  ...unary(['Acos', 'Asin', 'Atanh'], unit(DIMS)),
  ...unary(['Log', 'Reciprocal', 'Sqrt'], positive(DIMS)),
  ...unary(['Acosh'], aboveOne(DIMS)),
  ...unary(['Not'], bools(DIMS)),
  ...unary(['BitwiseNot'], bytes(DIMS), { opset: 18 }),
  ...unary(['Exp', 'Log', 'Sqrt', 'Tanh', 'Sigmoid', 'IsNaN', 'Relu', 'Abs', 'Softmax', 'Erf'], strange, {
    as: 'strange numbers',
  }),
  ...unary(['Celu', 'Elu', 'HardSigmoid', 'HardSwish', 'LeakyRelu', 'Relu', 'Selu'], noise(DIMS)),
  ...unary(['Softplus', 'Softsign', 'ThresholdedRelu', 'Shrink'], noise(DIMS)),
  ...unary(['Mish'], noise(DIMS), { opset: 18 }),
  ...unary(['Gelu'], noise(DIMS), { opset: 20 }),
  ...unary(['Swish'], noise(DIMS), { opset: 24 }),
  swept('PRelu', [noise(DIMS), weight(noise([3, 1, 1]))]),
  ...binary(['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Mean', 'Sum'], noise(DIMS), noise([5, 7], 2)),
  ...binary(['Add', 'Sub', 'Mul', 'Max', 'Min'], strange, noise([2, 4], 2), { as: 'strange numbers' }),
  ...binary(['Add', 'Mul', 'Div', 'Mod'], of('int64', DIMS), mapped64(of('int64', [7], 2)), { as: 'integers' }),
  swept('Pow', [positive(DIMS), noise([7], 2)]),
  swept('Mod', [noise(DIMS), positive([7], 2)], { attributes: { fmod: 1 }, as: 'floats' }),
  ...binary(['And', 'Or', 'Xor'], bools(DIMS), bools([7], 2)),
  ...binary(['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'], of('int32', DIMS), of('int32', [7], 2)),
  ...binary(['BitwiseAnd', 'BitwiseOr', 'BitwiseXor'], bytes(DIMS), bytes([7], 2), { opset: 18 }),
  swept('BitShift', [bytes(DIMS), of('uint8', [7], 2)], { attributes: { direction: text('LEFT') } }),
  swept('Clip', [noise(DIMS), weight(scalar(-0.5)), weight(scalar(0.75))]),
  swept('Where', [bools(DIMS), noise([5, 7]), noise(DIMS, 2)]),
  swept('Cast', [noise(DIMS)], { attributes: { to: 7 }, as: 'to integers' }),
  swept('Cast', [noise(DIMS)], { attributes: { to: 10 }, as: 'to half precision' }),
  swept('CastLike', [of('int32', DIMS), weight(scalar(0))]),
]

function mapped64(tensor: Tensor): Tensor {
  const values = new BigInt64Array(new Uint8Array(tensor.data).buffer)
  return { ...tensor, data: new Uint8Array(BigInt64Array.from(values, (n) => n + 1n).buffer) }
}
