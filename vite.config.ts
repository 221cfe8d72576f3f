import { playwright } from '@vitest/browser-playwright'
import { defaultClientConditions } from 'vite'
import { defineConfig } from 'vitest/config'
import { findChromium } from './src/adapters/chromium/find-chromium.ts'
import { CHROMIUM_FLAGS } from './src/adapters/chromium/flags.ts'
import { leanLibp2p } from './src/adapters/libp2p/lean-build.ts'
import { sourceHashes } from './src/entry/source-hash.ts'

const executablePath = findChromium()
const { rules, build } = sourceHashes()

/** Where `npm run relay` answers by default, so that `npm run dev` finds it. */
const RELAY_HTTP = 'http://127.0.0.1:9091'

/** Bundled before the browser tests begin: vite would find them under way and reload the page of a test that runs. */
const NETWORK_LIBRARIES = [
  '@bufbuild/protobuf/wire',
  '@libp2p/circuit-relay-v2',
  '@libp2p/crypto/keys',
  '@libp2p/gossipsub',
  '@libp2p/identify',
  '@libp2p/interface',
  '@libp2p/noise',
  '@libp2p/peer-id',
  '@libp2p/ping',
  '@libp2p/webrtc',
  '@libp2p/websockets',
  '@libp2p/yamux',
  '@multiformats/multiaddr',
  '@noble/hashes/sha2.js',
  'libp2p',
]

/** Likewise, for the tests of the user interface. */
const UI_LIBRARIES = [
  '@huggingface/tokenizers',
  '@ipld/dag-cbor',
  '@ipld/dag-pb',
  '@lit/context',
  '@stdlib/math-base-special-erfc',
  '@stdlib/math-base-special-exp',
  '@stdlib/math-base-special-ln',
  'axe-core',
  'idb',
  'ipfs-unixfs',
  'lit',
  'lit/decorators.js',
  'lit/directives/live.js',
  'multiformats/bases/base58',
  'multiformats/bases/base64',
  'multiformats/bytes',
  'multiformats/cid',
  'multiformats/hashes/digest',
  'uqr',
  'valibot',
]

/** Packages that do nothing when they are loaded, and do not say so: what nobody uses of them is left out. */
const withoutSideEffects = /node_modules\/(@ipld\/dag-cbor|cborg|multiformats|protons-runtime)\//
const treeshake = { moduleSideEffects: (id: string) => !withoutSideEffects.test(id) }

export default defineConfig({
  /** Every address in the build is relative, so that it works from any sub-path of any static host. */
  base: './',
  /** `MOOT_RELAYS` reaches the app as `import.meta.env.MOOT_RELAYS`. */
  envPrefix: 'MOOT_',
  /** What reports were computed by, and what runs: as Node reads it from the sources. */
  define: {
    'import.meta.env.MOOT_RULES': JSON.stringify(rules),
    'import.meta.env.MOOT_BUILD': JSON.stringify(build),
  },
  /** The engine's worker names its glue by URL; by default the library holds another copy of it. */
  environments: {
    client: { resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] } },
  },
  plugins: [leanLibp2p()],
  build: {
    rolldownOptions: { treeshake },
    target: 'es2022',
    /** Nothing is inlined: bytes before Join are counted, and a model or a wasm binary is checked as a file. */
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    /** Kilobytes. The engines' glue and the network load after Join in chunks of about this size. */
    chunkSizeWarningLimit: 700,
  },
  worker: { format: 'es', rolldownOptions: { treeshake } },
  optimizeDeps: { exclude: ['onnxruntime-web', 'onnxruntime-web-1.22'] },
  server: { proxy: { '/relays.json': RELAY_HTTP } },
  test: {
    /** Milliseconds. Limits on hanging: what is waited for comes by itself, and on a busy machine later. */
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.browser.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        /** Real models that tests may run lie beside the project, where they lie at all. */
        server: { fs: { allow: ['.', '../shared'] } },
        optimizeDeps: { include: [...NETWORK_LIBRARIES, ...UI_LIBRARIES] },
        test: {
          name: 'browser',
          include: ['test/**/*.browser.test.ts'],
          globalSetup: ['test/kits/relay.setup.ts', 'test/kits/hub.setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 1 },
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { args: [...CHROMIUM_FLAGS], ...(executablePath ? { executablePath } : {}) },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
          fileParallelism: false,
        },
      },
    ],
  },
})
