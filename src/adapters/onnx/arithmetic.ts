import type { Arithmetic } from '../../domain/manifest.ts'
import type { Graph } from './read-graph.ts'

/** Sums of products of floats: what rounds differently on every engine. */
const FLOAT_SUMS = new Set([
  'Conv',
  'ConvTranspose',
  'DeformConv',
  'MatMul',
  'Gemm',
  'Einsum',
  'LSTM',
  'GRU',
  'RNN',
  'Attention',
  'MultiHeadAttention',
  'GroupQueryAttention',
  'FusedConv',
  'FusedMatMul',
  'FusedGemm',
])

/** Sums of products of integers, exact on every engine. */
const INTEGER_SUMS = new Set(['ConvInteger', 'MatMulInteger', 'MatMulIntegerToFloat', 'DynamicQuantizeMatMul'])

const isIntegerSum = (type: string): boolean => INTEGER_SUMS.has(type) || type.startsWith('QLinear')
const isQuantisation = (type: string): boolean => type.endsWith('QuantizeLinear') || type === 'DequantizeLinear'

/** How the model's numbers behave across engines, from the operators it uses. In doubt, the stricter kind. */
export function arithmeticOf({ operators, smallFloats }: Pick<Graph, 'operators' | 'smallFloats'>): Arithmetic {
  if (smallFloats) return 'fp16'
  const types = [...operators.values()].map(({ type }) => type)
  if (!types.some((type) => isIntegerSum(type) || isQuantisation(type))) return 'fp32'
  return types.some(isIntegerSum) && !types.some((type) => FLOAT_SUMS.has(type)) ? 'integer' : 'qdq'
}
