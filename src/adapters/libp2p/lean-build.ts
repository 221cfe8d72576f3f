import { parseSync, type Plugin } from 'vite'

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
  // Names that stand for several addresses.
  {
    module: /libp2p\/dist\/src\/connection-manager\/resolvers\/dnsaddr\.js$/,
    part: /[^]*/,
    instead: 'export const dnsaddrResolver = { canResolve: () => false }',
  },
  // An encoding in emoji, one of all that are listed.
  { module: /multiformats\/dist\/src\/bases\/base256emoji\.js$/, part: /[^]*/, instead: 'export {}' },
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
      if (!cut) return undefined
      if (!cut.part.test(code)) throw new Error(`${id} has changed: see lean-build.ts`)
      return { code: code.replace(cut.part, cut.instead), map: null, moduleSideEffects: false }
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
