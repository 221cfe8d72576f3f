import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { parseSync } from 'vite'

export const ROOT = join(import.meta.dirname, '..', '..')

/** A module specifier as written, and the file of ours that it names, if it names one. */
export interface Import {
  readonly specifier: string
  readonly target?: string
}

/** Paths from the root, with forward slashes, of the files under a folder. */
export const filesUnder = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted()

export const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

export type Node = Record<string, unknown>

/** Every node of a file's syntax tree. */
export const nodesOf = (file: string): Generator<Node> => nodesIn(file, textOf(file))

/** Every node of the syntax tree of some text. */
export function* nodesIn(file: string, text: string): Generator<Node> {
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]?.message}`)
  const open: unknown[] = [program]
  while (open.length > 0) {
    const next = open.pop()
    if (typeof next !== 'object' || next === null) continue
    if ('type' in next) yield next as Node
    open.push(...Object.values(next))
  }
}

const literal = (node: unknown): string[] =>
  typeof node === 'object' && node !== null && 'value' in node && typeof node.value === 'string' ? [node.value] : []

/** What a node imports: statements, `export … from`, `import()`, types in `import('…')`, and `new URL('…', import.meta.url)`. */
function specifiers(node: Node): string[] {
  switch (node['type']) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return literal(node['source'])
    case 'NewExpression': {
      const [path, base] = node['arguments'] as Node[]
      const relativeUrl = (node['callee'] as Node)['name'] === 'URL' && base?.['type'] === 'MemberExpression'
      return relativeUrl ? literal(path) : []
    }
    default:
      return []
  }
}

export const importsOf = (file: string): Import[] =>
  [...nodesOf(file)]
    .flatMap(specifiers)
    .map((specifier) =>
      specifier.startsWith('.')
        ? { specifier, target: join(dirname(file), specifier).split(sep).join('/') }
        : { specifier },
    )
