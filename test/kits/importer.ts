import { scanModel } from '../../src/adapters/onnx/scan-model.ts'
import { MemoryBlockStore } from '../../src/adapters/memory/block-store.ts'
import { memoryRecords } from '../../src/adapters/memory/record-store.ts'
import { sources } from '../../src/adapters/sources/index.ts'
import { openSigner } from '../../src/adapters/webcrypto/signer.ts'
import { cidOf } from '../../src/domain/charter/charter.ts'
import { nicknameOf } from '../../src/domain/nickname.ts'
import type { BlockStore } from '../../src/ports/block-store.ts'
import type { Calibration, Inspection, ModelInspector } from '../../src/ports/model-inspector.ts'
import type { OpenSource } from '../../src/ports/model-source.ts'
import type { RecordStore } from '../../src/ports/record-store.ts'
import type { Claim } from '../../src/ports/claim.ts'
import { openImports, type Imports } from '../../src/peer/import-model.ts'
import type { Import, ImportView, ModelSummary } from '../../src/peer/view.ts'
import { HurriedClock } from './hurried-clock.ts'

/** Scans for good; what running a model would tell is made up. */
export const standInInspector = (
  change: { scan?: (inspection: Inspection) => Inspection; calibrate?: () => Promise<Calibration> } = {},
): ModelInspector => {
  const made = ({ outputs }: Inspection): Calibration => ({
    outputs,
    canon: new Uint8Array(32).fill(7),
    canonicalRun: 'plain',
  })
  return {
    scan() {
      const scan = scanModel()
      return {
        push: (chunk) => scan.push(chunk),
        finish: () => (change.scan ?? ((same) => same))(scan.finish()),
      }
    },
    calibrate: async (_, inspection) => (change.calibrate ? change.calibrate() : made(inspection)),
    uncalibrated: (inspection) => ({ ...made(inspection), note: 'too large to be run here' }),
  }
}

export interface ImporterInit {
  readonly blocks?: BlockStore
  readonly records?: RecordStore
  /** Where the hub is. */
  readonly hub?: string
  readonly openSource?: OpenSource
  readonly inspector?: ModelInspector
  readonly claim?: Claim
  readonly published?: ModelSummary[]
}

/** A tab that imports, and what it comes to have. */
export interface Importer {
  readonly imports: Imports
  readonly blocks: BlockStore
  readonly records: RecordStore
  readonly published: ModelSummary[]
}

export async function importer(init: ImporterInit = {}): Promise<Importer> {
  const { blocks = new MemoryBlockStore({ capacity: 1 << 30 }), records = memoryRecords(), published = [] } = init
  const clock = new HurriedClock()
  const signer = await openSigner(new Uint8Array(32).fill(80))
  const imports = await openImports({
    openSource: init.openSource ?? sources({ clock, ...(init.hub ? { hub: init.hub } : {}) }),
    inspector: init.inspector ?? standInInspector(),
    blocks,
    records,
    signer,
    clock,
    ...(init.claim ? { claim: init.claim } : {}),
    mine: () => published,
    adopt: async (manifest) => {
      const model: ModelSummary = {
        id: cidOf(manifest),
        manifest,
        publisher: nicknameOf(signer.peer),
        source: 'mine',
        cached: true,
        inMemory: false,
        pinned: false,
        holders: [],
        opinions: [],
      }
      published.push(model)
      return model
    },
    onChange: () => {},
  })
  return { imports, blocks, records, published }
}

/** Resolves once an import is in one of these phases. */
export function until(importing: Import, ...phases: ImportView['phase'][]): Promise<ImportView> {
  const { promise, resolve } = Promise.withResolvers<ImportView>()
  const look = (view: ImportView) => phases.includes(view.phase) && resolve(view)
  importing.subscribe(look)
  look(importing.view)
  return promise
}

export const filesOf = (files: Record<string, Uint8Array>) =>
  ({
    kind: 'files',
    files: Object.entries(files).map(([path, bytes]) => ({ path, blob: new Blob([bytes as Uint8Array<ArrayBuffer>]) })),
  }) as const
