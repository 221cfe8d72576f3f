import { floats, floatsAttribute, tensorAttribute, textAttribute as text } from '../onnx-builder.ts'
import { swept, of, noise, unit, whole, scalar, weight, axes, DIMS, unary, bools, type Swept } from './swept.ts'

export const shapes: readonly Swept[] = [
  swept('Reshape', [noise(DIMS), weight(whole([3], 0, -1, 5))]),
  swept('Transpose', [noise(DIMS)], { attributes: { perm: [2, 0, 3, 1] } }),
  swept('Flatten', [noise(DIMS)], { attributes: { axis: 2 } }),
  swept('Squeeze', [noise([1, 3, 1, 2]), axes(0, 2)]),
  swept('Unsqueeze', [noise([3, 2]), axes(0, 3)]),
  swept('Concat', [noise([2, 3]), noise([2, 4], 2)], { attributes: { axis: 1 } }),
  swept('Split', [noise([2, 9]), weight(whole([3], 2, 3, 4))], { attributes: { axis: 1 }, makes: 3 }),
  swept('Slice', [noise(DIMS), axes(1, 6), axes(3, -8), axes(1, 3), axes(1, -2)]),
  ...['constant', 'reflect', 'edge'].map((mode) =>
    swept('Pad', [noise(DIMS), weight(whole([8], 0, 1, 2, 0, 0, 1, 0, 3)), weight(scalar(0.5))], {
      attributes: { mode: text(mode) },
      as: mode,
    }),
  ),
  swept('Tile', [noise([2, 3]), axes(3, 2)]),
  swept('Expand', [noise([3, 1]), weight(whole([3], 2, 3, 4))]),
  ...unary(['Identity', 'Shape', 'Size', 'NonZero', 'EyeLike', 'Trilu'], noise([4, 5])),
  swept('ConstantOfShape', [whole([2], 3, 4)], { attributes: { value: tensorAttribute(floats([1], 2.5)) } }),
  swept('Constant', [], { attributes: { value: tensorAttribute(noise([3])) } }),
  swept('Constant', [], { attributes: { value_floats: floatsAttribute(0.1, 0.2) }, as: 'a list' }),
  ...['DepthToSpace', 'SpaceToDepth'].map((type) =>
    swept(type, [noise([1, 8, 4, 6])], { attributes: { blocksize: 2 } }),
  ),
  swept('ReverseSequence', [noise([4, 3, 2]), whole([3], 1, 4, 2)]),
  swept('Range', [scalar(0.5), scalar(3), scalar(0.3)]),
  swept('OneHot', [whole([3], 1, 0, 2), weight(whole([], 4)), weight(floats([2], -1, 1))]),
  swept('Compress', [noise([5, 3]), { ...bools([5]), data: Uint8Array.of(1, 0, 1, 1, 0) }], {
    attributes: { axis: 0 },
  }),
  swept('Unique', [of('float32', [20])], { makes: 4 }),
  swept('Gather', [noise(DIMS), weight(whole([2, 2], 0, 2, -1, 1))], { attributes: { axis: 1 } }),
  swept('GatherElements', [noise([3, 3]), whole([2, 3], 1, 2, 0, 2, 0, 0)]),
  swept('GatherND', [noise([3, 4, 2]), whole([2, 2], 0, 3, 2, 1)]),
  swept('ScatterElements', [noise([3, 3]), whole([2, 3], 1, 0, 2, 0, 2, 1), noise([2, 3], 2)]),
  swept('ScatterElements', [noise([3, 3]), whole([2, 3], 1, 1, 2, 0, 1, 1), noise([2, 3], 2)], {
    attributes: { reduction: text('add') },
    opset: 18,
    as: 'adding',
  }),
  swept('Scatter', [noise([3, 3]), whole([2, 3], 1, 0, 2, 0, 2, 1), noise([2, 3], 2)], { opset: 10 }),
  swept('ScatterND', [noise([4, 3]), whole([2, 1], 3, 1), noise([2, 3], 2)]),
  ...['nearest', 'linear', 'cubic'].map((mode) =>
    swept('Resize', [noise([1, 2, 5, 6]), '', weight(floats([4], 1, 1, 1.7, 2.3))], {
      attributes: { mode: text(mode) },
      as: mode,
    }),
  ),
  swept('Upsample', [noise([1, 2, 3, 4]), weight(floats([4], 1, 1, 2, 3))], {
    attributes: { mode: text('nearest') },
    opset: 9,
  }),
  swept('GridSample', [noise([1, 2, 5, 6]), unit([1, 3, 4, 2], 2)]),
  swept('AffineGrid', [noise([1, 2, 3]), weight(whole([4], 1, 2, 5, 6))], { opset: 20 }),
  swept('CenterCropPad', [noise([5, 6]), axes(3, 8)], { opset: 18 }),
  swept('NonMaxSuppression', [
    floats([1, 3, 4], 0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, 10, 1, 11),
    floats([1, 1, 3], 0.9, 0.75, 0.6),
    ...[weight(whole([1], 3)), weight(floats([1], 0.5)), weight(floats([1], 0))],
  ]),
  swept('Dropout', [noise(DIMS)], { makes: 2 }),
]
