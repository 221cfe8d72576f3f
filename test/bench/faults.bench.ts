import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MemoryBlockStore } from '../../src/adapters/memory/block-store.ts'
import { openNodeCpuEngine } from '../../src/adapters/onnx/node.ts'
import type { ModelEngine } from '../../src/adapters/onnx/index.ts'
import { hashTensors } from '../../src/domain/commitment.ts'
import { hex } from '../../src/domain/hash.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import { parseFault } from '../../src/peer/parse-fault.ts'
import type { Answer, Peer } from '../../src/peer/view.ts'
import { faulty, subject, type Subject } from '../kits/faulty.ts'
import { digits, importFile, openRoom } from '../kits/peers.ts'
import type { Bench, Figure } from './figure.ts'

const HERE = import.meta.dirname
const MODELS = {
  'digits': join(HERE, '../../public/models/digits-fp32.onnx'),
  'digits-int8': join(HERE, '../../public/models/digits-int8.onnx'),
  'squeezenet_fp32': join(HERE, '../../../shared/models/squeezenet_fp32.onnx'),
} as const

/** Arithmetic faults of one operator, and of a whole model. */
const OF_AN_OPERATOR = ['scale=1.01', 'scale=0', 'element', 'fp16', 'bf16']
const OF_A_MODEL = ['version', 'scale=1.01', 'element', 'fp16', 'bf16']

/** Asks of the one honest executor among two that collude. */
const ASKS = 50

/** Sums of products: what a processor or a shader computes wrong first. */
const ARITHMETIC = /^(QLinear)?(Conv|MatMul|Gemm)(Integer)?$/

/** What became of one fault. Without effect: the values were such already. Masked: later operators swallowed it. */
interface Case {
  readonly model: string
  readonly fault: string
  /** Where the fault is, by the trace of the faulty device held against that of the canon. */
  readonly operator: number | undefined
  readonly effect: 'none' | 'masked' | 'wrong'
  readonly state: Answer['state']
  /** The faulty claim lost, and the honest ones stand. */
  readonly refuted: boolean
  /** The dispute named that operator. */
  readonly named: boolean
}

/**
 * Faults planted in one of three executors of a room, which asserts what it computes. In one process: the product's peers, messages,
 * rules and canon, over memory in the place of WebRTC.
 */
export const bench: Bench = async () => {
  const engine = await openNodeCpuEngine()
  const cases: Case[] = []
  let stood = 0
  try {
    stood = await honestAmongColluders(engine)
    for (const [name, path] of Object.entries(MODELS)) {
      if (!existsSync(path)) {
        console.log(`  left out: ${name} is not beside the project, in ../shared/models`)
        continue
      }
      const asked = await subject(engine, pathToFileURL(path))
      const operators = asked.outline.operators.filter(({ type }) => ARITHMETIC.test(type))
      const rows = [OF_A_MODEL, ...OF_AN_OPERATOR.map((kind) => operators.map(({ index }) => `op=${index},${kind}`))]
      for (const faults of rows) cases.push(...(await casesOf(engine, { name, ...asked }, faults)))
      console.log(`  ${name}: ${rows.flat().length} faults planted`)
    }
  } finally {
    await engine.close()
  }
  const against = { what: `two that collude against one honest executor, ${ASKS} asks: the honest answer stands` }
  return [...figuresOf(cases), { ...against, value: stood, unit: 'asks', least: ASKS }]
}

/** In how many asks the claim of the one honest executor stands, and is what the asker is given. */
async function honestAmongColluders(engine: ModelEngine): Promise<number> {
  const room = await openRoom({ engine })
  try {
    const init = { plantedFault: parseFault('false-assertion') }
    const [ann, ben] = [await room.join('ann'), await room.join('ben')]
    const mallory = [await room.join('mallory', { init }), await room.join('mona', { init })]
    await room.meshed(ann, ben, ...mallory)
    const model = digits(ann)
    const inputs = ann.view.models.find(({ id }) => id === model)?.manifest.inputs ?? []
    let stood = 0
    for (let ask = 1; ask <= ASKS; ask++) {
      const check = { mode: 'replicated', replication: 3 } as const
      const {
        stands = [],
        output,
        claims,
      } = await ann.ask({ model, input: seededInputs({ inputs }, ask) }, { check }).done
      const right = claims.find(({ peer }) => peer === ben.id)?.outputHash
      if (String(stands) === ben.id && output && hex(hashTensors(output)) === right) stood++
    }
    return stood
  } finally {
    await room.close()
  }
}

/** Plants faults one after another, in a room of their own. */
async function casesOf(
  engine: ModelEngine,
  asked: Subject & { name: string },
  faults: readonly string[],
): Promise<Case[]> {
  const room = await openRoom({ engine })
  try {
    const [ann, ben, cat] = [await room.join('ann'), await room.join('ben'), await room.join('cat')]
    await room.meshed(ann, ben, cat)
    const listed = ann.view.models.find((model) => model.manifest.name === asked.name)?.id
    const model = listed ?? (await importFile(ann, `${asked.name}.onnx`, asked.model.bytes)).id
    // Whoever comes next finds the model in the storage.
    const blocks = new MemoryBlockStore()
    const cases: Case[] = []
    for (const named of faults) {
      const mallory = await room.join(`mallory ${named}`, {
        init: { plantedFault: parseFault(named) },
        components: { blocks },
      })
      await room.meshed(ann, mallory)
      const check = { mode: 'replicated', replication: 3 } as const
      const answer = await ann.ask({ model, input: asked.inputs }, { check }).done
      cases.push(judged({ model: asked.name, fault: named }, answer, mallory, await faulty(engine, named, asked)))
      await mallory.leave()
    }
    return cases
  } finally {
    await room.close()
  }
}

function judged(
  what: Pick<Case, 'model' | 'fault'>,
  { state, stands = [], losers = [], dispute }: Answer,
  { id }: Peer,
  { differsAt, isMasked }: Awaited<ReturnType<typeof faulty>>,
): Case {
  const effect = differsAt === undefined ? 'none' : isMasked ? 'masked' : 'wrong'
  const refuted = losers.length === 1 && losers[0]?.peer === id && stands.length === 2 && !stands.includes(id)
  const named = state === 'proven' && dispute?.leaf?.operator.index === differsAt
  return { ...what, operator: differsAt, effect, state, refuted, named }
}

function figuresOf(cases: readonly Case[]): Figure[] {
  const of = (effect: Case['effect']) => cases.filter((one) => one.effect === effect)
  const wrong = of('wrong')
  const share = (part: readonly Case[], whole: readonly Case[]) =>
    Math.floor((10_000 * part.length) / whole.length) / 100
  const byKind = Object.groupBy(cases, ({ model, fault }) => `${model} ${fault.replace(/^op=\d+,/, 'op=K,')}`)
  const rows = Object.entries(byKind).map(([kind, all = []]) => ({
    kind,
    planted: all.length,
    withoutEffect: all.filter(({ effect }) => effect === 'none').length,
    masked: all.filter(({ effect }) => effect === 'masked').length,
    refuted: all.filter(({ effect, refuted }) => effect === 'wrong' && refuted).length,
    provenThere: all.filter(({ effect, named }) => effect === 'wrong' && named).length,
  }))
  const missed = wrong.filter(({ refuted, named }) => !refuted || !named)
  return [
    { what: 'planted faults that change the hash of the output', value: wrong.length, unit: 'faults', raw: rows },
    {
      what: 'of them, refuted, the honest claims standing',
      value: share(
        wrong.filter(({ refuted }) => refuted),
        wrong,
      ),
      unit: '%',
      least: 100,
      raw: missed,
    },
    {
      what: 'of them, proven at the operator with the fault',
      value: share(
        wrong.filter(({ named }) => named),
        wrong,
      ),
      unit: '%',
      least: 100,
    },
    {
      what: 'masked: swallowed by later operators, the output right to the bit',
      value: of('masked').length,
      unit: 'faults',
    },
    { what: 'without effect: the values were such already', value: of('none').length, unit: 'faults' },
    {
      what: 'masked or without effect, and not agreed on',
      value: [...of('masked'), ...of('none')].filter(({ state }) => state !== 'agreed').length,
      unit: 'faults',
      bar: 0,
    },
  ]
}
