import { standard, type Operator } from './refusals.ts'
import { bytes, name, readMessage, type Budget } from './wire.ts'

/** What one NodeProto says of itself. An input or output that is left out has the name ''. */
export interface NodeFacts extends Operator {
  readonly name: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/** Reads an operator; `onAttribute` takes each of its AttributeProtos. */
export function readNode(node: Uint8Array, budget: Budget, onAttribute: (attribute: Uint8Array) => void): NodeFacts {
  let [type, domain, own] = ['', '', '']
  const inputs: string[] = []
  const outputs: string[] = []
  readMessage(node, budget, {
    1: name((value) => inputs.push(value)),
    2: name((value) => outputs.push(value)),
    3: name((value) => (own = value)),
    4: name((value) => (type = value)),
    5: bytes(onAttribute),
    7: name((value) => (domain = value)),
  })
  return { type, domain, name: own, inputs, outputs }
}

/** Whether an operator makes a value that stands in it: to the engine it is a weight. */
export const isConstant = ({ type, domain }: Operator): boolean => type === 'Constant' && standard(domain) === ''
