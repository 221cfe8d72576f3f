import { parseSync, type Plugin } from 'vite'
import { leanCode } from './lean-code.ts'

/** Where libp2p's way of logging, of metrics and of protobuf is the only one. */
const LIBP2P = /\/node_modules\/(@libp2p\/[\w-]+|libp2p)\/dist\/src\//

/**
 * Modules of which a tab runs nothing and no bundler can know it, so that their names stay and what is behind them goes: keys of
 * other kinds than Ed25519, which no peer of Moot has, and scores as metrics.
 */
const ABSENT = [
  /@libp2p\/crypto\/dist\/src\/keys\/(ecdsa|rsa|secp256k1)\//,
  /@libp2p\/gossipsub\/dist\/src\/score\/scoreMetrics\.js$/,
]

/** Single parts of other modules, each by the pattern that finds it and what stands there instead. */
const CUTS: readonly { readonly module: RegExp; readonly part: RegExp; readonly instead: string }[] = [
  // Gossipsub's metrics, for those who collect them.
  {
    module: /@libp2p\/gossipsub\/dist\/src\/metrics\.js$/,
    part: /export function getMetrics[^]*$/,
    instead: 'export function getMetrics() {}',
  },
  // Ed25519 in JavaScript, for browsers without it: those have no key to join with either.
  {
    module: /@libp2p\/crypto\/dist\/src\/keys\/ed25519\/index\.browser\.js$/,
    part: /import \{ ed25519 as ed \} from '@noble\/curves\/ed25519\.js'/,
    instead: 'const ed = {}',
  },
  // Public keys of X25519 by a table of Ed25519, which takes 20 ms and saves half of one for each connection: a tab has dozens.
  {
    module: /@noble\/curves\/ed25519\.js$/,
    part: /\n *scalarMultBase: \(k\) => \{[^]*?\n {8}\},/,
    instead: '',
  },
  // Names that stand for several addresses.
  {
    module: /libp2p\/dist\/src\/connection-manager\/resolvers\/dnsaddr\.js$/,
    part: /[^]*/,
    instead: 'export const dnsaddrResolver = { canResolve: () => false }',
  },
  // An encoding in emoji, one of all that are listed.
  { module: /multiformats\/dist\/src\/bases\/base256emoji\.js$/, part: /[^]*/, instead: 'export {}' },
  // A filter of seen peers and addresses that saves memory where they are millions: here it is a set of the last of them.
  {
    module: /@libp2p\/utils\/dist\/src\/filters\/scalable-cuckoo-filter\.js$/,
    part: /[^]*/,
    instead: `
      export class ScalableCuckooFilter {
        #seen = new Set()
        constructor(most) { this.most = most }
        has(item) { return this.#seen.has(String(item)) }
        remove(item) { return this.#seen.delete(String(item)) }
        add(item) {
          this.#seen.add(String(item))
          if (this.#seen.size > this.most) this.#seen.delete(this.#seen.values().next().value)
          return true
        }
      }
      export const createScalableCuckooFilter = (most) => new ScalableCuckooFilter(most)
    `,
  },
  // Its log, which nobody reads in a tab.
  {
    module: /@libp2p\/logger\/dist\/src\/index\.js$/,
    part: /[^]*/,
    instead: `
      const silent = Object.assign(() => {}, { enabled: false, trace() {}, error() {}, newScope: () => silent })
      export const logger = () => silent
      export const defaultLogger = () => ({ forComponent: () => silent })
    `,
  },
]

/** Leaves out of the build what a tab never runs of libp2p. The build fails where a library's new version has moved it. */
export function leanLibp2p(): Plugin {
  return {
    name: 'moot:lean-libp2p',
    apply: 'build',
    transform(code, id) {
      if (ABSENT.some((module) => module.test(id)))
        return { code: absent(id, code), map: null, moduleSideEffects: false }
      const cut = CUTS.find(({ module }) => module.test(id))
      if (cut && !cut.part.test(code)) throw new Error(`${id} has changed: see lean-build.ts`)
      if (cut) return { code: code.replace(cut.part, cut.instead), map: null, moduleSideEffects: false }
      return LIBP2P.test(id) ? { code: leanCode(id, code), map: null } : undefined
    },
  }
}

/** A module with the same names, each of which throws when it is called. */
function absent(id: string, code: string): string {
  const names = parseSync(id, code).module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ exportName }) => exportName.name ?? []),
  )
  const exported = names.map((name) => `absent as ${name}`).join(', ')
  return `function absent() { throw new Error('This part of libp2p is not in the build') }\nexport { ${exported} }\n`
}
