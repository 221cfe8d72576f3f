import { nodesIn, textOf, type Node } from './sources.ts'

/** Constants as a file's text says them, exported or not, so that what is written elsewhere of them can be held against it. */

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value
const nodeAt = (node: Node, field: string): Node => {
  const found = node[field]
  if (!isNode(found)) throw new Error(`a ${String(node['type'])} without ${field}`)
  return found
}

/** By name, what each `const` of a text is set to, and whether it is exported. */
export function constantsIn(file: string, text: string): ReadonlyMap<string, { init: Node; exported: boolean }> {
  const found = new Map<string, { init: Node; exported: boolean }>()
  for (const node of nodesIn(file, text)) {
    const exported = node['type'] === 'ExportNamedDeclaration'
    const declaration = exported && isNode(node['declaration']) ? node['declaration'] : node
    if (declaration['type'] !== 'VariableDeclaration') continue
    for (const declarator of declaration['declarations'] as Node[]) {
      const { name } = declarator['id'] as { name?: string }
      if (name === undefined || !isNode(declarator['init'])) continue
      found.set(name, { init: declarator['init'], exported: exported || (found.get(name)?.exported ?? false) })
    }
  }
  return found
}

/** The value of a constant: `src/peer/mesh-plan.ts MIN_DEGREE`, `… NAME.field`. Throws where it is none, or more than arithmetic. */
export function constantAt(source: string, read: (file: string) => string = textOf): unknown {
  const [file = '', path = ''] = source.split(' ')
  const [name = '', ...fields] = path.split('.')
  const constants = constantsIn(file, read(file))
  const constant = constants.get(name)
  if (constant === undefined) throw new Error(`${file} has no constant ${name}`)
  return valueOf(fields.reduce(fieldOf, constant.init), constants)
}

/** What a literal object says, through `as const` and `satisfies`. */
function plainNode(node: Node): Node {
  return node['type'] === 'TSAsExpression' || node['type'] === 'TSSatisfiesExpression'
    ? plainNode(nodeAt(node, 'expression'))
    : node
}

const nameOf = (key: Node): unknown => key['name'] ?? key['value']

const propertiesOf = (node: Node): Node[] => (plainNode(node)['properties'] as Node[] | undefined) ?? []

function fieldOf(node: Node, field: string): Node {
  const property = propertiesOf(node).find((each) => isNode(each['key']) && nameOf(each['key']) === field)
  if (property === undefined) throw new Error(`no field ${field}`)
  return nodeAt(property, 'value')
}

function valueOf(given: Node, constants: ReturnType<typeof constantsIn>): unknown {
  const node = plainNode(given)
  const value = (field: string) => valueOf(nodeAt(node, field), constants)
  switch (node['type']) {
    case 'Literal':
      return node['value']
    case 'Identifier': {
      const constant = constants.get(String(node['name']))
      if (constant === undefined) throw new Error(`${String(node['name'])} is not in this file`)
      return valueOf(constant.init, constants)
    }
    case 'ArrayExpression':
      return (node['elements'] as Node[]).map((each) => valueOf(each, constants))
    case 'ObjectExpression':
      return Object.fromEntries(
        propertiesOf(node).map((each) => [nameOf(nodeAt(each, 'key')), valueOf(nodeAt(each, 'value'), constants)]),
      )
    case 'BinaryExpression':
      return calculated(String(node['operator']), Number(value('left')), Number(value('right')))
    default:
      throw new Error(`a ${String(node['type'])} is more than arithmetic`)
  }
}

function calculated(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '**':
      return a ** b
    case '<<':
      return a << b
    default:
      throw new Error(`${operator} is more than arithmetic`)
  }
}

/** Names of parameters that have a default, of the functions that a text exports: `createLibp2pNet iceServers`. */
export function parameterDefaultsIn(file: string, text: string): readonly string[] {
  const found: string[] = []
  for (const node of nodesIn(file, text)) {
    if (node['type'] !== 'ExportNamedDeclaration' || !isNode(node['declaration'])) continue
    const declared = node['declaration']
    const functions =
      declared['type'] === 'FunctionDeclaration'
        ? [[declared['id'], declared] as const]
        : ((declared['declarations'] as Node[] | undefined) ?? []).map((each) => [each['id'], each['init']] as const)
    for (const [id, made] of functions)
      if (isNode(id) && isNode(made))
        for (const parameter of (made['params'] as Node[] | undefined) ?? [])
          for (const name of defaultsUnder(parameter)) found.push(`${String(id['name'])} ${name}`)
  }
  return found
}

/** A whole parameter that is left out for nothing (`{ signal } = {}`) decides nothing; what stands in it does. */
function* defaultsUnder(pattern: Node): Generator<string> {
  if (pattern['type'] === 'AssignmentPattern') {
    const [left, right] = [nodeAt(pattern, 'left'), nodeAt(pattern, 'right')]
    if (left['type'] === 'Identifier') yield String(left['name'])
    else yield* defaultsUnder(left)
    if (left['type'] === 'ObjectPattern' && propertiesOf(right).length > 0) yield '{}'
  }
  if (pattern['type'] === 'ObjectPattern')
    for (const property of pattern['properties'] as Node[])
      if (isNode(property['value'])) yield* defaultsUnder(property['value'])
}
