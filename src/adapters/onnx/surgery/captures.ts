import { readNode } from '../read-node.ts'
import { readTensor } from '../read-tensor.ts'
import { readValue } from '../read-value.ts'
import { bytes, readMessage, type Budget } from '../wire.ts'

/** AttributeProto's fields that hold a graph. One graph may come in several parts, as any message; of many, each is whole. */
const GRAPH = 6
const GRAPHS = 11

/** Names that an operator's attribute takes from outside: those that bodies of `If`, `Loop` and `Scan` use and do not bind. */
export function capturedBy(attribute: Uint8Array, budget: Budget): Set<string> {
  const one: Uint8Array[] = []
  const many: Uint8Array[] = []
  readMessage(attribute, budget, {
    [GRAPH]: bytes((part) => one.push(part)),
    [GRAPHS]: bytes((graph) => many.push(graph)),
  })
  return new Set([one, ...many.map((graph) => [graph])].flatMap((parts) => [...freeNames(parts, budget)]))
}

/** What is used in a graph and neither given to it, held in it nor made in it, at any depth. */
function freeNames(parts: readonly Uint8Array[], budget: Budget): Set<string> {
  const used = new Set<string>()
  const bound = new Set<string>()
  const use = (name: string) => used.add(name)
  for (const part of parts) {
    readMessage(part, budget, {
      1: bytes((node) => {
        const { inputs, outputs } = readNode(node, budget, (attribute) => capturedBy(attribute, budget).forEach(use))
        inputs.forEach(use)
        for (const output of outputs) bound.add(output)
      }),
      5: bytes((tensor) => bound.add(readTensor(tensor, budget).name)),
      11: bytes((value) => bound.add(readValue(value, budget).name)),
      12: bytes((value) => use(readValue(value, budget).name)),
    })
  }
  for (const name of bound) used.delete(name)
  return used
}
