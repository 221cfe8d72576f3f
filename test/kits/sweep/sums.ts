import { floatAttribute as float, floats, textAttribute as text } from '../onnx-builder.ts'
import {
  swept,
  of,
  noise,
  half,
  positive,
  unit,
  bytes,
  signed,
  whole,
  ints,
  uint8,
  int8,
  scalar,
  weight,
  axes,
  DIMS,
  IMAGE,
  unary,
  type Swept,
} from './swept.ts'

export const convolutions: readonly Swept[] = [
  swept('Conv', [noise([2, 5, 19]), weight(noise([6, 5, 3], 2)), weight(noise([6], 3))], { as: '1-d' }),
  swept('Conv', [noise(IMAGE), weight(noise([8, 4, 3, 3], 2)), weight(noise([8], 3))], {
    attributes: { pads: [1, 1, 1, 1], strides: [2, 1] },
    as: '2-d',
  }),
  swept('Conv', [noise([1, 2, 4, 5, 6]), weight(noise([3, 2, 2, 3, 2], 2))], {
    attributes: { dilations: [1, 2, 1] },
    as: '3-d',
  }),
  swept('Conv', [noise(IMAGE), weight(noise([8, 2, 3, 3], 2))], {
    attributes: { group: 2, auto_pad: text('SAME_UPPER') },
    as: 'in groups',
  }),
  swept('Conv', [noise(IMAGE), weight(noise([4, 1, 3, 3], 2))], {
    attributes: { group: 4, pads: [1, 0, 0, 1] },
    as: 'depthwise',
  }),
  swept('Conv', [noise(IMAGE), weight(noise([16, 4, 1, 1], 2)), weight(noise([16], 3))], { as: 'pointwise' }),
  swept('Conv', [noise(IMAGE), noise([8, 4, 3, 3], 2)], { as: 'weights given' }),
  swept('Conv', [half(IMAGE), weight(half([8, 4, 3, 3], 2))], { as: 'half precision' }),
  swept('ConvTranspose', [noise(IMAGE), weight(noise([4, 3, 3, 3], 2)), weight(noise([3], 3))], {
    attributes: { strides: [2, 2], output_padding: [1, 0], pads: [1, 1, 1, 1] },
  }),
  swept('ConvInteger', [bytes(IMAGE), weight(bytes([8, 4, 3, 3], 2)), weight(uint8(7))]),
  swept(
    'QLinearConv',
    [
      ...[
        bytes(IMAGE),
        weight(scalar(0.02)),
        weight(uint8(128)),
        weight(signed([8, 4, 3, 3], 2)),
        weight(scalar(0.01)),
      ],
      ...[weight(int8(0)), weight(scalar(0.1)), weight(uint8(120)), weight(ints([8], 5, -3, 100, 7, 0, 1, -90, 2))],
    ],
    { attributes: { pads: [1, 1, 1, 1] } },
  ),
  swept('Col2Im', [noise([1, 8, 20]), weight(whole([2], 5, 6)), weight(whole([2], 2, 2))], { opset: 18 }),
  swept('DeformConv', [noise([1, 2, 6, 6]), weight(noise([3, 2, 3, 3], 2)), unit([1, 18, 4, 4], 3)], { opset: 19 }),
  swept('MaxPool', [noise(IMAGE)], { attributes: { kernel_shape: [3, 2], strides: [2, 2] }, makes: 2 }),
  swept('MaxPool', [bytes(IMAGE)], { attributes: { kernel_shape: [3, 3], dilations: [2, 1] }, as: 'bytes' }),
  swept('AveragePool', [noise(IMAGE)], {
    attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 },
  }),
  swept('LpPool', [noise(IMAGE)], { attributes: { kernel_shape: [2, 3], p: 2 } }),
  ...unary(['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool'], noise(IMAGE)),
  swept('MaxUnpool', [noise([1, 1, 2, 2]), weight(whole([1, 1, 2, 2], 5, 7, 13, 15))], {
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
  }),
  swept('MaxRoiPool', [noise(IMAGE), weight(floats([2, 5], 0, 0, 0, 6, 6, 0, 2, 1, 8, 7))], {
    attributes: { pooled_shape: [2, 2] },
  }),
  swept('RoiAlign', [noise(IMAGE), weight(floats([2, 4], 0, 0, 6.3, 6.1, 2, 1, 8, 7)), weight(whole([2], 0, 0))], {
    attributes: { output_height: 3, output_width: 2, sampling_ratio: 2 },
  }),
]

export const products: readonly Swept[] = [
  swept('MatMul', [noise([3, 17, 33]), weight(noise([33, 21], 2))]),
  swept('MatMul', [noise([2, 1, 5, 8]), noise([3, 8, 4], 2)], { as: 'of two inputs' }),
  swept('MatMul', [noise([33]), weight(noise([2, 33, 7], 2))], { as: 'of a vector' }),
  swept('MatMul', [half([9, 16]), weight(half([16, 5], 2))], { as: 'half precision' }),
  swept('MatMul', [of('float64', [9, 16]), weight(of('float64', [16, 5], 2))], { as: 'double precision' }),
  swept('MatMul', [of('int32', [9, 16]), weight(of('int32', [16, 5], 2))], { as: 'integers' }),
  swept('Gemm', [noise([16, 9]), weight(noise([5, 16], 2)), weight(noise([5], 3))], {
    attributes: { transA: 1, transB: 1, alpha: float(0.7), beta: float(1.3) },
  }),
  swept('MatMulInteger', [bytes([9, 16]), weight(signed([16, 5], 2)), weight(uint8(3))]),
  swept('QLinearMatMul', [
    ...[bytes([9, 16]), weight(scalar(0.02)), weight(uint8(128)), weight(bytes([16, 5], 2))],
    ...[weight(scalar(0.01)), weight(uint8(99)), weight(scalar(0.05)), weight(uint8(60))],
  ]),
  swept('Einsum', [noise([3, 4, 5]), noise([3, 5, 6], 2)], { attributes: { equation: text('bij,bjk->bik') } }),
  swept('Einsum', [noise([4, 4])], { attributes: { equation: text('ii->') }, as: 'a trace' }),
  swept('Det', [noise([2, 4, 4])]),
]

export const normalisations: readonly Swept[] = [
  swept('BatchNormalization', [
    noise(IMAGE),
    ...[noise([4], 2), noise([4], 3), noise([4], 4), positive([4], 5)].map(weight),
  ]),
  swept('InstanceNormalization', [noise(IMAGE), weight(noise([4], 2)), weight(noise([4], 3))]),
  swept('LayerNormalization', [noise(DIMS), weight(noise([7], 2)), weight(noise([7], 3))], {
    makes: ['y0', 'mean', 'inverse'],
  }),
  swept('GroupNormalization', [noise(IMAGE), weight(noise([4], 2)), weight(noise([4], 3))], {
    attributes: { num_groups: 2 },
    opset: 21,
  }),
  swept('RMSNormalization', [noise(DIMS), weight(noise([7], 2))], { opset: 23 }),
  swept('LRN', [noise(IMAGE)], { attributes: { size: 3 } }),
  swept('LpNormalization', [noise(DIMS)], { attributes: { axis: 2, p: 1 } }),
  swept('MeanVarianceNormalization', [noise(IMAGE)]),
  ...unary(['Softmax', 'LogSoftmax', 'Hardmax'], noise(DIMS), { attributes: { axis: 1 } }),
  swept('Softmax', [noise(DIMS)], { attributes: { axis: 2 }, opset: 11, as: 'of the rest together' }),
  swept('Softmax', [half(DIMS)], { as: 'half precision' }),
  swept('NegativeLogLikelihoodLoss', [noise([4, 5]), whole([4], 1, 0, 4, 2)]),
  swept('SoftmaxCrossEntropyLoss', [noise([4, 5]), whole([4], 1, 0, 4, 2)], { makes: 2 }),
]

export const reductions: readonly Swept[] = [
  ...['ReduceL1', 'ReduceL2', 'ReduceMax', 'ReduceMean', 'ReduceMin', 'ReduceProd', 'ReduceSumSquare'].map((type) =>
    swept(type, [noise(DIMS)], { attributes: { axes: [1, 3] } }),
  ),
  ...['ReduceLogSum', 'ReduceLogSumExp'].map((type) =>
    swept(type, [positive(DIMS)], { attributes: { axes: [2], keepdims: 0 } }),
  ),
  swept('ReduceSum', [noise(DIMS), axes(0, 2)]),
  swept('ReduceMean', [noise(DIMS), axes(-1)], { opset: 18, as: 'axes given' }),
  ...['ArgMax', 'ArgMin'].map((type) => swept(type, [noise(DIMS)], { attributes: { axis: 2, keepdims: 0 } })),
  swept('CumSum', [noise(DIMS), weight(ints([], 2))], { attributes: { reverse: 1, exclusive: 1 } }),
  swept('TopK', [noise(DIMS), axes(3)], { attributes: { axis: 2 }, makes: 2 }),
]
