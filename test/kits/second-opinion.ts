import type { DType } from '../../src/domain/tensor.ts'

/** Numbers of a tensor, in double precision. */
export interface Numbers {
  readonly dims: readonly number[]
  readonly values: Float64Array
}

/** An attribute as the file says it: a number, numbers or a text. */
export type Attributes = Readonly<Record<string, number | readonly number[] | string>>

export interface Operation {
  readonly type: 'Conv' | 'MatMul' | 'Gemm' | 'Softmax'
  readonly opset: number
  readonly attributes: Attributes
  /** Undefined where an optional input is left out. */
  readonly inputs: readonly (Numbers | undefined)[]
}

/** What an operator computes, and how far from it an engine may come that rounds each step to single precision. */
export interface Opinion extends Numbers {
  readonly slack: Float64Array
}

/**
 * Conv, MatMul, Gemm and Softmax as ONNX defines them (onnx/onnx, docs/Operators.md), straight from the definition and in double
 * precision: a second opinion on the canon, which shares no code with it.
 *
 * The slack of a sum of n products of single-precision numbers: each product and each addition rounds by a relative u = 2^-24 at
 * most, in whatever order they are added, so the result lies within γ(n) · Σ|aᵢbᵢ| of the exact sum, γ(k) = ku / (1 − ku) (Higham,
 * Accuracy and Stability of Numerical Algorithms, §3.1); a bias and each scaling are a step more. Double precision errs a
 * billionth of that. Below the least normal number the error is absolute.
 */
export function secondOpinion(operation: Operation): Opinion {
  switch (operation.type) {
    case 'Conv':
      return conv(operation)
    case 'MatMul':
      return matMul(operation)
    case 'Gemm':
      return gemm(operation)
    case 'Softmax':
      return softmax(operation)
    default:
      return operation.type satisfies never
  }
}

/** Half a unit in the last place of 1, in single precision. */
const U = 2 ** -24
const gamma = (steps: number): number => (steps * U) / (1 - steps * U)

/** What is below the least normal number may be lost altogether, at each step. */
const LEAST_NORMAL = 2 ** -126

/** Relative error of the engine's exponential, in units of `U`: a polynomial of degree 6 that is right to two units in the last place. */
const EXPONENTIAL = 4

/** What rounding to the type of the result adds. */
export const roundingOf = (dtype: DType, value: number): number =>
  dtype === 'float16' ? Math.max(Math.abs(value) * 2 ** -11, 2 ** -25) : 0

const size = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1)

function result(dims: readonly number[]): Opinion {
  return { dims, values: new Float64Array(size(dims)), slack: new Float64Array(size(dims)) }
}

const ints = (value: Attributes[string] | undefined, otherwise: readonly number[]): readonly number[] =>
  typeof value === 'object' ? value : otherwise
const numberOf = (value: Attributes[string] | undefined, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise

function given(operation: Operation, index: number): Numbers {
  const input = operation.inputs[index]
  if (!input) throw new Error(`${operation.type} needs input ${index}`)
  return input
}

/** The places of a grid, the last coordinate running fastest. */
function* places(dims: readonly number[]): Generator<readonly number[]> {
  for (let i = 0, count = size(dims); i < count; i++) yield placeOf(i, dims)
}

function placeOf(index: number, dims: readonly number[]): number[] {
  const place = dims.map(() => 0)
  for (let axis = dims.length - 1, rest = index; axis >= 0; axis--) {
    const length = dims[axis] ?? 1
    place[axis] = rest % length
    rest = Math.floor(rest / length)
  }
  return place
}

const indexOf = (place: readonly number[], dims: readonly number[]): number =>
  place.reduce((index, at, axis) => index * (dims[axis] ?? 1) + at, 0)

function conv(operation: Operation): Opinion {
  const { attributes } = operation
  const [x, w, bias] = [given(operation, 0), given(operation, 1), operation.inputs[2]]
  const [batch = 1, channels = 1, ...sizes] = x.dims
  const [maps = 1, depth = 1, ...kernel] = w.dims
  const group = numberOf(attributes['group'], 1)
  const ones = sizes.map(() => 1)
  const strides = ints(attributes['strides'], ones)
  const dilations = ints(attributes['dilations'], ones)
  const reach = kernel.map((k, d) => (k - 1) * (dilations[d] ?? 1) + 1)
  const [starts, out] = padded(attributes, sizes, reach, strides)
  const { dims, values, slack } = result([batch, maps, ...out])
  const [area, window, count] = [size(sizes), size(kernel), size(out)]
  let outPlace = 0
  for (const at of places(out)) {
    // Of the window here: the weights that meet an element, and those elements.
    const weights: number[] = []
    const elements: number[] = []
    let weight = 0
    for (const offset of places(kernel)) {
      const place = offset.map((k, d) => (at[d] ?? 0) * (strides[d] ?? 1) - (starts[d] ?? 0) + k * (dilations[d] ?? 1))
      if (place.every((i, d) => i >= 0 && i < (sizes[d] ?? 0))) {
        weights.push(weight)
        elements.push(indexOf(place, sizes))
      }
      weight++
    }
    for (let n = 0; n < batch; n++) {
      for (let m = 0; m < maps; m++) {
        const first = Math.floor(m / (maps / group)) * depth
        let sum = bias?.values[m] ?? 0
        let sizeOfAll = Math.abs(sum)
        for (let c = 0; c < depth; c++) {
          const from = (n * channels + first + c) * area
          const by = (m * depth + c) * window
          for (let i = 0; i < weights.length; i++) {
            const product = (x.values[from + (elements[i] ?? 0)] ?? 0) * (w.values[by + (weights[i] ?? 0)] ?? 0)
            sum += product
            sizeOfAll += Math.abs(product)
          }
        }
        const steps = depth * window + 1
        values[(n * maps + m) * count + outPlace] = sum
        slack[(n * maps + m) * count + outPlace] = gamma(steps) * sizeOfAll + steps * LEAST_NORMAL
      }
    }
    outPlace++
  }
  return { dims, values, slack }
}

/** How many elements lie before the first, along each axis, and how many places the window has. */
function padded(
  attributes: Attributes,
  sizes: readonly number[],
  reach: readonly number[],
  strides: readonly number[],
): [starts: readonly number[], out: readonly number[]] {
  const auto = attributes['auto_pad'] ?? 'NOTSET'
  const axes = sizes.map((length, d) => ({ length, reach: reach[d] ?? 1, stride: strides[d] ?? 1 }))
  if (auto === 'SAME_UPPER' || auto === 'SAME_LOWER') {
    const out = axes.map(({ length, stride }) => Math.ceil(length / stride))
    const all = axes.map((axis, d) => Math.max(0, ((out[d] ?? 0) - 1) * axis.stride + axis.reach - axis.length))
    return [all.map((n) => (auto === 'SAME_UPPER' ? Math.floor(n / 2) : Math.ceil(n / 2))), out]
  }
  const pads = auto === 'VALID' ? [] : ints(attributes['pads'], [])
  const out = axes.map(({ length, reach: window, stride }, d) => {
    const all = length + (pads[d] ?? 0) + (pads[d + sizes.length] ?? 0)
    return Math.floor((all - window) / stride) + 1
  })
  return [pads.slice(0, sizes.length), out]
}

function matMul(operation: Operation): Opinion {
  const [a, b] = [given(operation, 0), given(operation, 1)]
  // A vector is a matrix of one row, or of one column, which the result does not have.
  const left = a.dims.length === 1 ? [1, ...a.dims] : a.dims
  const right = b.dims.length === 1 ? [...b.dims, 1] : b.dims
  const [rows = 1, depth = 1] = left.slice(-2)
  const [columns = 1] = right.slice(-1)
  const stack = broadcast(left.slice(0, -2), right.slice(0, -2))
  const { values, slack } = result([...stack, rows, columns])
  let matrix = 0
  for (const place of places(stack)) {
    const from = within(place, left.slice(0, -2)) * rows * depth
    const by = within(place, right.slice(0, -2)) * depth * columns
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let [sum, sizeOfAll] = [0, 0]
        for (let k = 0; k < depth; k++) {
          const product = (a.values[from + i * depth + k] ?? 0) * (b.values[by + k * columns + j] ?? 0)
          sum += product
          sizeOfAll += Math.abs(product)
        }
        values[(matrix * rows + i) * columns + j] = sum
        slack[(matrix * rows + i) * columns + j] = gamma(depth) * sizeOfAll + depth * LEAST_NORMAL
      }
    }
    matrix++
  }
  const dims = [...stack, ...(a.dims.length === 1 ? [] : [rows]), ...(b.dims.length === 1 ? [] : [columns])]
  return { dims, values, slack }
}

/** The shape that both stretch to. */
function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, d) => {
    const [one, other] = [a[d - rank + a.length] ?? 1, b[d - rank + b.length] ?? 1]
    return one === 1 ? other : one
  })
}

/** The element that a place of a stretched shape stands for. */
const within = (place: readonly number[], dims: readonly number[]): number =>
  indexOf(
    dims.map((length, d) => (length === 1 ? 0 : (place[d + place.length - dims.length] ?? 0))),
    dims,
  )

function gemm(operation: Operation): Opinion {
  const { attributes } = operation
  const [a, b, c] = [given(operation, 0), given(operation, 1), operation.inputs[2]]
  const [alpha, beta] = [numberOf(attributes['alpha'], 1), numberOf(attributes['beta'], 1)]
  const turned = (
    input: Numbers,
    turns: Attributes[string] | undefined,
  ): [number, number, (i: number, j: number) => number] => {
    const [height = 1, width = 1] = input.dims
    if (turns === 1) return [width, height, (i, j) => input.values[j * width + i] ?? 0]
    return [height, width, (i, j) => input.values[i * width + j] ?? 0]
  }
  const [rows, depth, left] = turned(a, attributes['transA'])
  const [, columns, right] = turned(b, attributes['transB'])
  const { dims, values, slack } = result([rows, columns])
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const added = c ? beta * (c.values[within([i, j], c.dims)] ?? 0) : 0
      let [sum, sizeOfAll] = [added, Math.abs(added)]
      for (let k = 0; k < depth; k++) {
        const product = alpha * left(i, k) * right(k, j)
        sum += product
        sizeOfAll += Math.abs(product)
      }
      values[i * columns + j] = sum
      slack[i * columns + j] = gamma(depth + 3) * sizeOfAll + (depth + 3) * LEAST_NORMAL
    }
  }
  return { dims, values, slack }
}

/**
 * Before opset 13 all dimensions from the axis on are one. The slack: x − max is rounded, which an exponential turns into a
 * relative error of |x − max| · u; the exponential adds its own, the sum γ(n), the division one step.
 */
function softmax(operation: Operation): Opinion {
  const { attributes, opset } = operation
  const x = given(operation, 0)
  const axis = numberOf(attributes['axis'], opset < 13 ? 1 : -1)
  const at = axis < 0 ? axis + x.dims.length : axis
  const length = opset < 13 ? size(x.dims.slice(at)) : (x.dims[at] ?? 1)
  const stride = opset < 13 ? 1 : size(x.dims.slice(at + 1))
  const { dims, values, slack } = result(x.dims)
  for (let start = 0; start < values.length; start++) {
    if (Math.floor(start / stride) % length !== 0) continue
    const row = Array.from({ length }, (_, i) => start + i * stride)
    const most = row.reduce((max, i) => Math.max(max, x.values[i] ?? 0), Number.NEGATIVE_INFINITY)
    const depths = row.map((i) => most - (x.values[i] ?? 0))
    const sum = depths.reduce((total, depth) => total + Math.exp(-depth), 0)
    const ofSum = depths.reduce((total, depth) => total + (Math.exp(-depth) / sum) * depth, 0)
    row.forEach((i, n) => {
      const depth = depths[n] ?? 0
      const value = Math.exp(-depth) / sum
      values[i] = value
      slack[i] = value * gamma(depth + ofSum + 2 * EXPONENTIAL + length + 1) + (length + 2) * LEAST_NORMAL
    })
  }
  return { dims, values, slack }
}
