import { floatAttribute as float, floats, textAttribute as text, textsAttribute, value } from '../onnx-builder.ts'
import {
  swept,
  noise,
  positive,
  bytes,
  whole,
  uint8,
  scalar,
  truth,
  weight,
  DIMS,
  IMAGE,
  microsoft,
  type Options,
  signed,
  unary,
  type Swept,
} from './swept.ts'

const recurrent = (type: string, gates: number, options: Options = {}) =>
  swept(
    type,
    [
      noise([5, 2, 3]),
      weight(noise([1, gates * 4, 3], 2)),
      weight(noise([1, gates * 4, 4], 3)),
      weight(noise([1, gates * 8], 4)),
    ],
    { ...options, attributes: { hidden_size: 4, ...options.attributes } },
  )

export const sequences: readonly Swept[] = [
  recurrent('LSTM', 4, { makes: 3 }),
  swept('LSTM', [noise([5, 2, 3]), weight(noise([2, 16, 3], 2)), weight(noise([2, 16, 4], 3))], {
    attributes: { hidden_size: 4, direction: text('bidirectional') },
    makes: ['', 'y1', 'y2'],
    as: 'both ways',
  }),
  recurrent('GRU', 3, { makes: 2, attributes: { linear_before_reset: 1 } }),
  recurrent('RNN', 1, { makes: ['', 'y1'], attributes: { activations: textsAttribute('Relu') } }),
  swept('SequenceConstruct', [noise([2, 3]), noise([2, 3], 2)], {
    behind: [
      { type: 'SequenceLength', inputs: ['y0'], outputs: ['length'] },
      { type: 'ConcatFromSequence', inputs: ['y0'], outputs: ['z'], attributes: { axis: 1 } },
    ],
  }),
  swept('SplitToSequence', [noise([6, 3]), weight(whole([], 2))], {
    attributes: { axis: 0 },
    behind: [
      { type: 'SequenceAt', inputs: ['y0', 'w1'], outputs: ['part'] },
      { type: 'ReduceMax', inputs: ['part'], outputs: ['z'] },
    ],
  }),
  swept('If', [truth, noise([3], 2)], {
    attributes: { then_branch: branch('Neg'), else_branch: branch('Abs') },
    captures: true,
  }),
  swept('Loop', [whole([], 3), truth, noise([3])], {
    attributes: {
      body: {
        nodes: [
          { type: 'Identity', inputs: ['go'], outputs: ['go_on'] },
          { type: 'Mul', inputs: ['state', 'state'], outputs: ['square'] },
          { type: 'Tanh', inputs: ['square'], outputs: ['next'] },
        ],
        inputs: [value('i', 'int64'), value('go', 'bool'), value('state', 'float32', 3)],
        outputs: [value('go_on', 'bool'), value('next', 'float32', 3)],
      },
    },
  }),
  swept('Scan', [noise([3]), noise([4, 3], 2)], {
    attributes: {
      num_scan_inputs: 1,
      body: {
        nodes: [
          { type: 'Add', inputs: ['sum', 'row'], outputs: ['next'] },
          { type: 'Identity', inputs: ['next'], outputs: ['line'] },
        ],
        inputs: [value('sum', 'float32', 3), value('row', 'float32', 3)],
        outputs: [value('next', 'float32', 3), value('line', 'float32', 3)],
      },
    },
    makes: 2,
  }),
]

/** A branch of an `If` that captures the sweep's second input. */
function branch(type: string) {
  return { nodes: [{ type, inputs: ['x1'], outputs: [type] }], inputs: [], outputs: [value(type, 'float32', 3)] }
}

export const quantised: readonly Swept[] = [
  swept('QuantizeLinear', [noise(DIMS), weight(scalar(0.03)), weight(uint8(120))]),
  swept('QuantizeLinear', [noise(DIMS), weight(positive([3], 2)), weight({ ...signed([3], 3) })], {
    as: 'for each channel',
  }),
  swept('DequantizeLinear', [bytes(DIMS), weight(scalar(0.03)), weight(uint8(120))]),
  swept('DynamicQuantizeLinear', [noise(DIMS)], { makes: 3 }),
  swept(
    'QLinearAdd',
    [
      ...[
        bytes(DIMS),
        weight(scalar(0.03)),
        weight(uint8(120)),
        bytes(DIMS, 2),
        weight(scalar(0.02)),
        weight(uint8(110)),
      ],
      ...[weight(scalar(0.05)), weight(uint8(128))],
    ],
    { domain: microsoft },
  ),
  ...['QLinearSigmoid', 'QLinearLeakyRelu'].map((type) =>
    swept(type, [bytes(DIMS), ...[scalar(0.03), uint8(120), scalar(0.02), uint8(100)].map(weight)], {
      domain: microsoft,
    }),
  ),
  swept(
    'QLinearGlobalAveragePool',
    [bytes(IMAGE), ...[scalar(0.03), uint8(120), scalar(0.02), uint8(100)].map(weight)],
    { domain: microsoft },
  ),
  swept(
    'DynamicQuantizeMatMul',
    [noise([9, 16]), weight(bytes([16, 5], 2)), weight(floats([1], 0.02)), weight({ ...uint8(128), dims: [1] })],
    { domain: microsoft },
  ),
]

export const engineOwn: readonly Swept[] = [
  ...unary(['FastGelu', 'QuickGelu', 'Gelu'], noise(DIMS), { domain: microsoft, as: "the engine's own" }),
  swept('BiasGelu', [noise(DIMS), weight(noise([7], 2))], { domain: microsoft }),
  swept('FusedMatMul', [noise([9, 16]), weight(noise([5, 16], 2))], {
    attributes: { transB: 1, alpha: float(0.5) },
    domain: microsoft,
  }),
  swept('FusedConv', [noise(IMAGE), weight(noise([8, 4, 3, 3], 2)), weight(noise([8], 3))], {
    attributes: { activation: text('Relu') },
    domain: microsoft,
  }),
  swept('SkipLayerNormalization', [noise([2, 5, 8]), noise([2, 5, 8], 2), weight(noise([8], 3))], {
    domain: microsoft,
  }),
  swept('Attention', [noise([2, 5, 8]), weight(noise([8, 24], 2)), weight(noise([24], 3))], {
    attributes: { num_heads: 2 },
    domain: microsoft,
  }),
]

export const signals: readonly Swept[] = [
  swept('DFT', [noise([1, 10, 1])], { attributes: { axis: 1 } }),
  swept('STFT', [noise([1, 32, 1]), weight(whole([], 4)), weight(positive([8], 2)), weight(whole([], 8))]),
  ...['HannWindow', 'HammingWindow', 'BlackmanWindow'].map((type) => swept(type, [whole([], 9)])),
  swept('MelWeightMatrix', [
    ...[4, 16, 8000].map((n) => weight(whole([], n))),
    weight(scalar(20)),
    weight(scalar(4000)),
  ]),
]
