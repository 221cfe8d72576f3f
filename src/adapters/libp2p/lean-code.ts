import { parseSync, Visitor, type ESTree } from 'vite'

/** What the arguments of a log may call: functions that do nothing but say. */
const SAYING = new Set(['toString', 'map', 'equals', 'now', 'debugFrame'])

interface Span {
  readonly start: number
  readonly end: number
}

/** A part of a module's text, and what stands there instead. */
interface Cut extends Span {
  readonly instead: string
}

/**
 * The text of a module of libp2p without what it does for nobody in a tab: logging, counting for metrics that nobody
 * gave it, and reading protobuf messages as streams of fields. What is left does what it did.
 */
export function leanCode(id: string, code: string): string {
  const { program, module } = parseSync(id, code)
  const protobuf = module.staticImports.some(({ moduleRequest }) => moduleRequest.value === 'protons-runtime')
  const cuts: Cut[] = []
  const cut = ({ start, end }: Span, instead: string) => void cuts.push({ start, end, instead })
  /** Logs, and where something happens that must not go with one. */
  const logs: (Cut & { readonly spoken: Span })[] = []
  const deeds: number[] = []
  const deed = ({ start }: Span) => void deeds.push(start)
  const logIn = (span: Span, node: ESTree.Node, instead: string) => {
    const call = logCall(node)
    if (call)
      logs.push({ start: span.start, end: span.end, instead, spoken: { start: call.callee.end, end: call.end } })
  }

  new Visitor({
    ExpressionStatement(node) {
      logIn(node, node.expression, ';')
      if (protobuf && isStreamExport(node.expression)) cut(node, ';')
    },
    ArrowFunctionExpression({ body }) {
      logIn(body, body, '{}')
    },
    MemberExpression({ object, optional }) {
      if (optional && isMetrics(object)) cut(object, '(void 0)')
    },
    BinaryExpression(node) {
      const { left, operator, right } = node
      if (!isMetrics(left) || right.type !== 'Literal' || right.value !== null) return
      if (operator === '!=') cut(node, 'false')
      if (operator === '==') cut(node, 'true')
    },
    CallExpression(node) {
      if (!SAYING.has(nameOf(node.callee) ?? '')) deed(node)
      const [, decode, stream] = node.arguments
      if (!protobuf || nameOf(node.callee) !== 'message' || !decode || stream?.type !== 'FunctionExpression') return
      if (stream.generator) cut({ start: decode.end, end: stream.end }, '')
    },
    NewExpression(node) {
      if (nameOf(node.callee) !== 'Date') deed(node)
    },
    UnaryExpression(node) {
      if (node.operator === 'delete') deed(node)
    },
    AssignmentExpression: deed,
    AwaitExpression: deed,
    ImportExpression: deed,
    TaggedTemplateExpression: deed,
    UpdateExpression: deed,
    YieldExpression: deed,
  }).visit(program)

  const idle = logs.filter(({ spoken }) => !deeds.some((at) => at >= spoken.start && at < spoken.end))
  return without(code, [...cuts, ...idle])
}

/** The call in `log(…)`, `….log(…)`, `….log.error(…)` or `….log.trace(…)`. */
function logCall(node: ESTree.Node): ESTree.CallExpression | undefined {
  const call = inChain(node)
  if (call.type !== 'CallExpression') return undefined
  const callee = inChain(call.callee)
  const level = nameOf(callee)
  const leveled = callee.type === 'MemberExpression' && (level === 'error' || level === 'trace')
  return (leveled ? nameOf(inChain(callee.object)) : level) === 'log' ? call : undefined
}

/** `Message.stream = stream`, which protons writes after every message. */
const isStreamExport = (node: ESTree.Expression): boolean =>
  node.type === 'AssignmentExpression' &&
  node.left.type === 'MemberExpression' &&
  node.left.object.type === 'Identifier' &&
  nameOf(node.left) === 'stream' &&
  nameOf(node.right) === 'stream'

const isMetrics = (node: ESTree.Node): boolean => node.type === 'MemberExpression' && nameOf(node) === 'metrics'

const inChain = (node: ESTree.Node): ESTree.Node => (node.type === 'ChainExpression' ? node.expression : node)

/** The last name in `a.b.c`. */
function nameOf(node: ESTree.Node): string | undefined {
  if (node.type === 'Identifier') return node.name
  return node.type === 'MemberExpression' && !node.computed ? node.property.name : undefined
}

/** Of cuts in one another the outer one is made. */
function without(code: string, cuts: readonly Cut[]): string {
  let [text, at] = ['', 0]
  for (const { start, end, instead } of cuts.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (start < at) continue
    text += code.slice(at, start) + instead
    at = end
  }
  return text + code.slice(at)
}
