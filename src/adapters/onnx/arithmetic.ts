import type { Arithmetic } from '../../domain/manifest.ts'
import type { Graph } from './read-graph.ts'

/** Sums of products of integers, exact on every engine. */
const INTEGER_SUMS = new Set(['ConvInteger', 'MatMulInteger'])

/** Operators that move, choose or compare numbers, or round once as IEEE 754 says: bit-equal on every engine that was measured. */
const EXACT = new Set([
  ...['Abs', 'Add', 'And', 'ArgMax', 'ArgMin', 'Cast', 'Clip', 'Concat', 'Constant', 'ConstantOfShape', 'Dropout'],
  ...[
    'Equal',
    'Expand',
    'Flatten',
    'Gather',
    'Greater',
    'Identity',
    'Less',
    'Max',
    'MaxPool',
    'Min',
    'Mul',
    'Neg',
    'Not',
  ],
  ...[
    'Or',
    'Pad',
    'Relu',
    'Reshape',
    'Shape',
    'Slice',
    'Split',
    'Squeeze',
    'Sub',
    'Tile',
    'Transpose',
    'Unsqueeze',
    'Where',
  ],
  ...['QuantizeLinear', 'DequantizeLinear'],
])

const isIntegerSum = (type: string): boolean => INTEGER_SUMS.has(type) || type.startsWith('QLinear')
const isQuantising = (type: string): boolean => type.endsWith('QuantizeLinear') || type === 'DequantizeLinear'

/**
 * How a model's numbers behave across engines, from the operators it uses. In doubt, the stricter kind: one operator on
 * floats that rounds on its own way, such as the average behind quantised convolutions, and nothing is exact any more.
 */
export function arithmeticOf({ operators, smallFloats }: Pick<Graph, 'operators' | 'smallFloats'>): Arithmetic {
  if (smallFloats) return 'fp16'
  const types = [...operators.values()].map(({ type }) => type)
  if (!types.some((type) => isIntegerSum(type) || isQuantising(type))) return 'fp32'
  return types.every((type) => isIntegerSum(type) || EXACT.has(type)) ? 'integer' : 'qdq'
}
