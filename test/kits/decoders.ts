import { decode, encode } from '@ipld/dag-cbor'
import fc from 'fast-check'
import { createMemoryNetwork } from '../../src/adapters/memory/network.ts'
import { FrameDecoder } from '../../src/adapters/libp2p/frames.ts'
import { inspectModel } from '../../src/adapters/onnx/inspect-model.ts'
import { scanModel } from '../../src/adapters/onnx/scan-model.ts'
import { readRepository } from '../../src/adapters/sources/hub-listing.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { readCharter } from '../../src/domain/charter/charter-document.ts'
import { MootError } from '../../src/domain/fault.ts'
import { hashBytes } from '../../src/domain/hash.ts'
import { readEntry, type ReadEntry } from '../../src/domain/ledger/entry.ts'
import { encodeLedgerFile, readLedgerFile } from '../../src/domain/ledger/ledger-file.ts'
import { Ledger } from '../../src/domain/ledger/ledger.ts'
import { proofOf } from '../../src/domain/ledger/proof.ts'
import { ManifestSchema } from '../../src/domain/manifest.ts'
import { decodeCbor, parse, readMessage } from '../../src/domain/messages.ts'
import { keyFromPeerId } from '../../src/domain/peer-id.ts'
import { checkReceipt } from '../../src/domain/check-receipt.ts'
import { readOpinion } from '../../src/domain/opinion.ts'
import { readReceipt } from '../../src/domain/receipt.ts'
import { decodeRelays } from '../../src/domain/relay-list.ts'
import { tensorsFromJson, tensorsToJson } from '../../src/domain/tensor-json.ts'
import { blockExchange } from '../../src/protocols/blocks/index.ts'
import { PROTOCOL } from '../../src/protocols/blocks/constants.ts'
import { encodeGoodbye, readGoodbye } from '../../src/protocols/control/messages.ts'
import { encodeFrame, readFrame } from '../../src/protocols/jobs/messages.ts'
import {
  encodeFrame as encodeLedgerFrame,
  encodeGossip as encodeLedgerGossip,
  readFrame as readLedgerFrame,
  readGossip as readLedgerGossip,
  type LedgerFrame,
} from '../../src/protocols/ledger/messages.ts'
import { answerFrames, encodeRequest, readAnswer, readRequest } from '../../src/protocols/opinions/messages.ts'
import { encodeAnnouncement, encodeSigned, readAnnouncement } from '../../src/protocols/presence/messages.ts'
import { person } from './keys.ts'
import { LOG_ROOM, Writer } from './logs.ts'
import { executor, INPUT, JobStory, MANIFEST } from './moot.ts'
import { modelNamed, opinionOf } from './opinions.ts'
import { buildModel, doubling, endless, parted, weighted } from './onnx-builder.ts'
import { logits } from './tensors.ts'

/** Something that reads what others sent. */
export interface Decoder {
  readonly name: string
  /** What it may be given: real things, real things altered, and anything. */
  readonly foreign: fc.Arbitrary<unknown>
  read(foreign: unknown): unknown
}

const ann = person('ann')
const everySignature = async () => true

/** Bytes that were flipped, cut short, or repeated in part. */
const altered = (...real: Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(
      fc.constantFrom(...real),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
      fc.nat(),
      fc.constantFrom('keep', 'cut', 'repeat'),
    )
    .map(([bytes, changes, place, how]) => {
      const copy = bytes.slice()
      for (const [at, byte] of changes) copy[at % copy.length] = byte
      const end = place % (copy.length + 1)
      if (how === 'cut') return copy.slice(0, end)
      return how === 'repeat' ? Uint8Array.of(...copy.subarray(0, end), ...copy.subarray(end >> 1)) : copy
    })

/** What may stand where something else should. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    'x'.repeat(1_000),
    -1,
    0,
    0.5,
    2 ** 40,
    Number.MAX_SAFE_INTEGER,
    [],
    {},
    [[]],
    { __proto__: null, kind: 'offer' },
  ),
  fc.uint8Array({ maxLength: 70 }),
  fc.array(fc.integer(), { maxLength: 300 }),
)

/** A decoded value with one part of it replaced, doubled or left out, wherever `path` leads. */
function changed(value: unknown, path: readonly number[], how: 'replace' | 'drop' | 'double', by: unknown): unknown {
  const [turn = 0, ...rest] = path
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null || rest.length === 0) return by
  if (Array.isArray(value)) {
    const at = turn % (value.length || 1)
    if (how === 'double' && rest.length === 1) return [...(value as unknown[]), value[at]]
    if (how === 'drop' && rest.length === 1) return value.toSpliced(at, 1)
    return (value as unknown[]).map((item, i) => (i === at ? changed(item, rest, how, by) : item))
  }
  const names = Object.keys(value)
  const name = names[turn % (names.length || 1)] ?? 'new'
  if (how === 'double' && rest.length === 1) return { ...value, [`${name}2`]: by }
  if (how === 'drop' && rest.length === 1)
    return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))
  return { ...value, [name]: changed((value as Record<string, unknown>)[name], rest, how, by) }
}

/** Real values that were changed inside and encoded again, so that they pass as far as a schema. */
const changedInside = (...real: unknown[]): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      fc.constantFrom(...real),
      fc.array(fc.nat(20), { minLength: 1, maxLength: 7 }),
      fc.constantFrom('replace', 'drop', 'double'),
      odd,
    )
    .map(([value, path, how, by]) => changed(value, path, how, by))

const foreignBytes = (...real: Uint8Array[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
    { weight: 1, arbitrary: fc.anything({ withNullPrototype: false }).map((value) => tryEncode(value)) },
    { weight: 3, arbitrary: altered(...real) },
    {
      weight: 5,
      arbitrary: changedInside(...real.map((bytes) => decode<unknown>(bytes))).map((value) => tryEncode(value)),
    },
  )

function tryEncode(value: unknown): Uint8Array {
  try {
    return encode(value)
  } catch {
    return new Uint8Array(0)
  }
}

const story = new JobStory(['ann', 'ben', 'cat'].map((name) => executor(name)))
story.run()
const contested = new JobStory([executor('ann'), executor('ben', 'gpu'), executor('eve', 'cpu', logits(3, 2, 1))])
contested.run()
const decline = ann.signNow({ kind: 'decline', offer: story.offer.digest, reason: 'busy', note: '' })
const bodies = [...story.transcript, decline].map((signed) => signed.body)
const frames = [...story.transcript, decline].map((signed) =>
  encodeFrame({ type: 'message', signed, input: { salt: new Uint8Array(32), tensors: INPUT }, outputs: [logits(1)] }),
)
const announcement = encodeSigned({
  ...ann.signNow(story.offer.message),
  body: encodeAnnouncement({
    ...{
      kind: 'presence',
      room: 'story',
      seq: 1,
      addresses: ['/memory/ann'],
      engines: ['cpu', 'gpu'],
      adapter: 'none',
    },
    ...{
      build: 'story',
      models: ['bafy'],
      load: 0,
      paused: false,
      watching: false,
      speedMs: 1,
      hello: true,
      leaving: false,
    },
  }),
})
const opinion = await opinionOf('ann', { model: modelNamed('story'), stand: 'flags', reason: 'No.' })
const writer = new Writer('ann')
const forked = [writer.draft('CONSENT', { grade: 'authored' }), writer.note('1')] as const
const log: readonly ReadEntry[] = [
  ...writer.log,
  writer.vouch(new Writer('ben')),
  writer.write(
    'AUDIT',
    { job: story.offer.digest, of: ann.publicKey, agrees: true },
    { seen: [new Writer('ben').head] },
  ),
  writer.write('RECEIPT', {
    ...{ job: story.offer.digest, state: 'agreed', executors: [ann.publicKey], commitment: story.offer.digest },
    ...{ drawnFrom: 2, chosen: false },
  }),
  writer.write('VOTE_REVEAL', { summon: writer.head.id, vote: 'uphold', salt: story.offer.digest, reason: 'So.' }),
  writer.write('CHECKPOINT', { heads: [writer.head.id], entries: 4, root: story.offer.digest }),
  writer.write('FORKED_LOG', { first: forked[0].signed, second: forked[1].signed }),
]
const ledgerFrames: readonly LedgerFrame[] = [
  { kind: 'root', root: story.offer.digest },
  {
    kind: 'summary',
    heads: [{ key: ann.publicKey, length: 2, id: writer.head.id }],
    forks: [{ key: ann.publicKey, seq: 4 }],
  },
  {
    ...{ kind: 'wanted', ranges: [{ key: ann.publicKey, from: 1, to: 9 }], ids: [writer.head.id] },
    ...{ proofs: [ann.publicKey], offers: [], forks: [] },
  },
  { kind: 'entries', entries: log.slice(0, 2).map(({ signed }) => signed) },
]
const json = JSON.stringify(
  tensorsToJson({ ...INPUT, n: { dtype: 'int64', dims: [1], data: new Uint8Array(8).fill(0xff) } }),
)

/** A holder of blocks who answers with whatever it is told. */
const holder = createMemoryNetwork()
const [asker, liar] = [holder.peer('asker'), holder.peer('liar')]
await Promise.all([asker.start(), liar.start()])
let answer = new Uint8Array(0)
liar.handle(PROTOCOL, { maxFrame: 32, maxStreams: 64 }, (channel) => {
  const serve = async () => {
    for await (const _ of channel.frames()) await channel.send(answer)
  }
  serve().catch(() => {})
})
const BLOCK = new Uint8Array(64).fill(7)

async function fetchFromLiar(bytes: Uint8Array): Promise<void> {
  answer = bytes.slice()
  const holders = [{ peer: 'liar', addresses: ['/memory/liar'] }]
  await blockExchange({ net: asker, clock: systemClock }).fetch({
    holders: () => holders,
    blocks: [{ digest: hashBytes(BLOCK) }],
    onBlock: async () => {},
  })
}

const HUB_LIST = {
  id: 'owner/name',
  sha: 'c0ffee',
  gated: false,
  pipeline_tag: 'fill-mask',
  cardData: { license: ['mit'] },
  siblings: [{ rfilename: 'model.onnx', size: 9, blobId: 'b10b', lfs: { sha256: 'ab', size: 9 } }],
}

/** Text as a server sends it, in pieces. */
const readingOf = (text: string) => ({
  from: 0,
  chunks: (async function* () {
    const bytes = new TextEncoder().encode(text)
    for (let at = 0; at < bytes.length; at += 50) yield bytes.subarray(at, at + 50)
  })(),
})

/** Every reader of foreign bytes, with as many cases of a hundred as it is worth. */
export const DECODERS: readonly (Decoder & { readonly share: number })[] = [
  {
    name: 'message',
    share: 20,
    foreign: foreignBytes(...bodies),
    read: (body) => readMessage({ ...decline, body: body as Uint8Array }),
  },
  {
    name: 'job frame',
    share: 15,
    foreign: foreignBytes(...frames),
    read: async (bytes) => readFrame(bytes as Uint8Array, everySignature),
  },
  {
    name: 'receipt',
    share: 12,
    foreign: foreignBytes(story.receiptFile(), contested.receiptFile()),
    read: async (bytes) => checkReceipt(readReceipt(bytes as Uint8Array), everySignature),
  },
  {
    name: 'presence',
    share: 8,
    foreign: foreignBytes(announcement),
    read: (bytes) => readAnnouncement(bytes as Uint8Array),
  },
  {
    name: 'opinion',
    share: 4,
    foreign: foreignBytes(opinion.signed.body),
    read: (body) => readOpinion({ ...opinion.signed, body: body as Uint8Array }),
  },
  {
    name: 'question for opinions',
    share: 2,
    foreign: foreignBytes(encodeRequest(), encodeRequest([opinion.opinion.model])),
    read: (bytes) => readRequest(bytes as Uint8Array),
  },
  {
    name: 'answer with opinions',
    share: 3,
    foreign: foreignBytes(...answerFrames([opinion.signed, opinion.signed])),
    read: (bytes) => readAnswer(bytes as Uint8Array),
  },
  {
    name: 'entry of a log',
    share: 10,
    foreign: foreignBytes(...log.map(({ signed }) => signed.body)),
    read: (body) => {
      const read = readEntry({ ...opinion.signed, body: body as Uint8Array })
      proofOf(read)
      return new Ledger(LOG_ROOM).take(read)
    },
  },
  {
    name: 'gossip of a ledger',
    share: 4,
    foreign: foreignBytes(
      encodeLedgerGossip([writer.head.signed], []),
      encodeLedgerGossip([], [[forked[0].signed, forked[1].signed]]),
    ),
    read: (bytes) => readLedgerGossip(bytes as Uint8Array),
  },
  {
    name: 'message about a ledger',
    share: 6,
    foreign: foreignBytes(...ledgerFrames.map(encodeLedgerFrame)),
    read: (bytes) => readLedgerFrame(bytes as Uint8Array),
  },
  {
    name: 'ledger file',
    share: 4,
    foreign: foreignBytes(
      encodeLedgerFile({
        room: LOG_ROOM,
        entries: log.slice(0, 2).map(({ signed }) => signed),
        identity: { seed: new Uint8Array(32), chainSecret: new Uint8Array(32) },
      }),
    ),
    read: (bytes) => readLedgerFile(bytes as Uint8Array),
  },
  {
    name: 'goodbye',
    share: 4,
    foreign: foreignBytes(encodeGoodbye(7)),
    read: (bytes) => readGoodbye(bytes as Uint8Array),
  },
  {
    name: 'manifest',
    share: 8,
    foreign: foreignBytes(encode(MANIFEST)),
    read: (bytes) => parse(ManifestSchema, decodeCbor(bytes as Uint8Array, 'manifest'), 'manifest'),
  },
  {
    name: 'charter',
    share: 6,
    foreign: foreignBytes(encode(FIRST_CHARTER)),
    read: (bytes) => readCharter(bytes as Uint8Array),
  },
  {
    name: 'ONNX file',
    share: 6,
    foreign: fc.oneof(fc.uint8Array({ maxLength: 400 }), altered(buildModel(doubling), buildModel(endless))),
    read: (bytes) => inspectModel(bytes as Uint8Array),
  },
  {
    name: 'ONNX file as it streams past',
    share: 6,
    foreign: fc.tuple(
      fc.oneof(fc.uint8Array({ maxLength: 400 }), altered(buildModel(endless), buildModel(weighted), parted().bytes)),
      fc.integer({ min: 1, max: 10_000 }),
    ),
    read: (parts) => {
      const [bytes, size] = parts as [Uint8Array, number]
      const scan = scanModel()
      for (let at = 0; at < bytes.length; at += size) scan.push(bytes.subarray(at, at + size))
      return scan.finish()
    },
  },
  {
    name: 'tensors as JSON',
    share: 8,
    foreign: fc.oneof(
      fc.string(),
      fc.json(),
      altered(new TextEncoder().encode(json)).map((bytes) => new TextDecoder().decode(bytes)),
      changedInside(JSON.parse(json)).map((value) => JSON.stringify(value)),
    ),
    read: (text) => tensorsFromJson(text as string),
  },
  {
    name: 'relays.json',
    share: 4,
    foreign: fc.oneof(fc.anything(), changedInside({ relays: [`/ip4/127.0.0.1/tcp/1/ws/p2p/${ann.peer}`] })),
    read: decodeRelays,
  },
  {
    name: 'list of a hub',
    share: 4,
    foreign: fc.oneof(
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.string({ unit: 'binary' }),
      changedInside(HUB_LIST).map((value) => JSON.stringify(value)),
    ),
    read: (text) => readRepository(readingOf(String(text)), { repository: 'owner/name', revision: 'main' }),
  },
  {
    name: 'peer id',
    share: 4,
    foreign: fc.oneof(
      fc.string({ unit: 'binary' }),
      altered(new TextEncoder().encode(ann.peer)).map((bytes) => new TextDecoder().decode(bytes)),
    ),
    read: (text) => keyFromPeerId(text as string),
  },
  {
    name: 'stream',
    share: 3,
    foreign: fc.uint8Array({ maxLength: 100 }),
    read: (bytes) => new FrameDecoder(1_000).push(bytes as Uint8Array),
  },
  {
    name: 'block',
    share: 2,
    foreign: fc.oneof(fc.uint8Array({ maxLength: 100 }), altered(BLOCK)),
    read: (bytes) => fetchFromLiar(bytes as Uint8Array),
  },
]

export interface Fuzzed {
  /** Cases that were read as what they should be: a fuzzer whose every case is refused at the door tests the door. */
  readonly read: number
  readonly refused: number
}

/** Gives a decoder so many cases. Rejects with the least case that brings anything but a `MootError` out of it. */
export async function fuzz(decoder: Decoder, cases: number): Promise<Fuzzed> {
  let [read, refused] = [0, 0]
  const property = fc.asyncProperty(decoder.foreign, async (foreign) => {
    try {
      await decoder.read(foreign)
      read++
    } catch (error) {
      if (!(error instanceof MootError)) throw error
      refused++
    }
  })
  await fc.assert(property, { numRuns: cases })
  return { read, refused }
}
