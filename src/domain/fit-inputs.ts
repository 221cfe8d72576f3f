import { fault } from './fault.ts'
import type { Manifest, ValueInfo } from './manifest.ts'
import { BYTES_PER_ELEMENT, type Tensor, type Tensors } from './tensor.ts'

/** Throws `WRONG_INPUT` or `WRONG_DTYPE` unless the tensors are exactly what the model declares. */
export function fitInputs({ inputs }: Pick<Manifest, 'inputs'>, given: Tensors): void {
  for (const input of inputs) {
    const tensor = Object.hasOwn(given, input.name) ? given[input.name] : undefined
    if (!tensor) throw wrong(input.name, shapeWords(input.dims), 'nothing')
    fitInput(input, tensor)
  }
  const extra = Object.keys(given).find((name) => !inputs.some((input) => input.name === name))
  if (extra !== undefined) throw wrong(extra, 'no input of this name', 'one')
}

function fitInput({ name, dtype, dims }: ValueInfo, tensor: Tensor): void {
  if (tensor.dtype !== dtype)
    throw fault({ code: 'WRONG_DTYPE', input: name, expected: dtype, got: String(tensor.dtype) })
  const sound = tensor.dims.every((n) => Number.isSafeInteger(n) && n >= 0)
  const fits = sound && tensor.dims.length === dims.length && dims.every((n, i) => n === null || n === tensor.dims[i])
  if (!fits) throw wrong(name, shapeWords(dims), shapeWords(tensor.dims))
  const bytes = tensor.dims.reduce((a, b) => a * b, BYTES_PER_ELEMENT[dtype])
  if (tensor.data.length !== bytes) throw wrong(name, `${bytes} bytes`, `${tensor.data.length} bytes`)
}

const wrong = (input: string, expected: string, got: string) => fault({ code: 'WRONG_INPUT', input, expected, got })

const shapeWords = (dims: readonly (number | null)[]): string => `the shape [${dims.map((n) => n ?? 'any').join(', ')}]`
