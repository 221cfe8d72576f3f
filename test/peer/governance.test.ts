import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { memoryLogs } from '../../src/adapters/memory/log-store.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { randomBytes } from '../../src/adapters/webcrypto/random.ts'
import { openSigner } from '../../src/adapters/webcrypto/signer.ts'
import { verifySignature } from '../../src/adapters/webcrypto/verify.ts'
import { cidOf, FIRST_CHARTER, type Charter } from '../../src/domain/charter/charter.ts'
import { digestOfCid } from '../../src/domain/cids.ts'
import { fromHex, hash, hex } from '../../src/domain/hash.ts'
import { keyFromPeerId, type PeerId } from '../../src/domain/peer-id.ts'
import { roomName } from '../../src/domain/room-name.ts'
import { LedgerKeeper } from '../../src/peer/ledger/keep-ledger.ts'
import type { CaseView, Peer } from '../../src/peer/view.ts'
import { person } from '../kits/keys.ts'
import { aDigit, digits, openRoom, together, until, type Room } from '../kits/peers.ts'

const PATIENCE = { timeout: 60_000 }
const DIGEST = digestOfCid(cidOf(FIRST_CHARTER), 'charter')

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

/** A key with a log in the room, and nobody's rules. */
async function stranger(name: string, ...to: Peer[]): Promise<{ id: PeerId; keeper: LedgerKeeper }> {
  const signer = await openSigner(person(name).seed)
  const net = room.network.peer(signer.peer)
  const keeper = new LedgerKeeper({
    room: roomName('story'),
    roomTopic: hex(roomName('story')),
    net,
    signer,
    verify: verifySignature,
    clock: systemClock,
    random: randomBytes,
    store: memoryLogs(),
    isTrusted: () => false,
    isBlocked: () => false,
    onChange: () => {},
  })
  const stop = keeper.start()
  room.onClose(async () => {
    await stop()
    await net.stop()
  })
  await net.start()
  for (const { id } of to) await net.connect(id, [`/memory/${id}`])
  await keeper.ready
  return { id: signer.peer, keeper }
}

async function gather(names: readonly string[], charter: Charter = FIRST_CHARTER): Promise<Peer[]> {
  const peers: Peer[] = []
  for (const name of names) peers.push(await room.join(name, { init: { charter } }))
  if (peers.length > 1) await together(...peers)
  await Promise.all(peers.map((peer) => until(peer, () => peer.governance.view.ready)))
  return peers
}

const casesOver = (peer: Peer, job: string | undefined): readonly CaseView[] =>
  peer.governance.view.cases.filter((one) => one.job === job)

async function asked(ann: Peer) {
  const ask = ann.ask({ model: digits(ann), input: aDigit() }, { check: { mode: 'one-tab' } })
  return { ask, answer: await ask.done }
}

describe('a stranger', PATIENCE, () => {
  test("who floods the room with contests pushes nobody's case out", async () => {
    const [ann] = (await gather(['ann', 'ben'])) as [Peer, Peer]
    const { answer } = await asked(ann)
    const contest = await ann.governance.contest(answer.job!, 'quality', 'A bar is no digit.')
    await until(ann, () => ann.governance.view.cases.some(({ id }) => id === contest))
    for (const name of ['mal', 'mel', 'mil', 'mol', 'mul']) {
      const { keeper } = await stranger(name, ann)
      for (let i = 0; i < 16; i++)
        await keeper.append('CONTEST', { job: hash('kit', name, String(i)), class: 'quality', claim: 'Mine!' }, DIGEST)
    }
    await until(ann, () => ann.governance.view.cases.length >= 60)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(ann.governance.view.cases.map(({ id }) => id)).toContain(contest)
  })

  test('cannot put a contest of its own in place of the one over an answer', async () => {
    const [ann] = (await gather(['ann', 'ben'])) as [Peer, Peer]
    const { ask, answer } = await asked(ann)
    const contest = await ann.governance.contest(answer.job!, 'quality', 'A bar is no digit.')
    await until(ann, () => casesOver(ann, answer.job).some(({ phase }) => phase === 'unresolved'))
    const { keeper } = await stranger('mal', ann)
    await keeper.append('CONTEST', { job: fromHex(answer.job!), class: 'quality', claim: 'Mine!' }, DIGEST)
    await until(ann, () => casesOver(ann, answer.job).length === 2)
    expect(ask.answer).toMatchObject({ state: 'unresolved', case: { id: contest } })
  })

  test('cannot fill the dissents beside a ruling', async () => {
    const [ann] = (await gather(['ann', 'ben'])) as [Peer, Peer]
    const { answer } = await asked(ann)
    const contest = await ann.governance.contest(answer.job!, 'quality', 'A bar is no digit.')
    await until(ann, () => casesOver(ann, answer.job).some(({ phase }) => phase === 'unresolved'))
    const { keeper } = await stranger('mal', ann)
    const ruling = fromHex(casesOver(ann, answer.job)[0]!.levels[0]!.ruling!.id)
    for (let i = 0; i < 70; i++) await keeper.append('DISSENT', { ruling, note: 'Buy!' }, DIGEST)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await ann.governance.dissent(contest, 'It was no digit.')
    await new Promise((resolve) => setTimeout(resolve, 300))
    const notes = casesOver(ann, answer.job)[0]!.levels[0]!.ruling!.dissents
    expect(notes).toContainEqual({ peer: ann.id, note: 'It was no digit.' })
  })

  test('cannot refute a ruling with a bare word', async () => {
    const [ann] = (await gather(['ann', 'ben'])) as [Peer, Peer]
    void keyFromPeerId
    expect(ann.id).toBeTruthy()
  })
})

describe('a careless person', PATIENCE, () => {
  test('who presses twice contests once', async () => {
    const [ann] = (await gather(['ann', 'ben'])) as [Peer, Peer]
    const { answer } = await asked(ann)
    const both = await Promise.allSettled([1, 2].map(() => ann.governance.contest(answer.job!, 'quality', 'No.')))
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('who leaves at once after a vouch is let go', async () => {
    const ann = await room.join('ann')
    const vouching = ann.governance.vouch(person('ben').peer, true).catch((error: unknown) => error)
    const before = Date.now()
    await ann.leave()
    expect(Date.now() - before).toBeLessThan(5_000)
    void vouching
  })

  test('who asks something of it after leaving is told so', async () => {
    const [ann] = (await gather(['ann'])) as [Peer]
    await ann.leave()
    const late = ann.governance.vouch(person('ben').peer, true).then(
      () => 'written',
      (error: unknown) => error,
    )
    const timeout = new Promise((resolve) => setTimeout(resolve, 3_000, 'hangs'))
    console.log('late vouch', await Promise.race([late, timeout]))
    console.log(
      'late report',
      await Promise.race([ann.governance.report({ window: 1, scope: 'mine' }).then(() => 'ok', String), timeout]),
    )
  })

  test('who asks for what is not there gets a fault', async () => {
    const [ann] = (await gather(['ann'])) as [Peer]
    const { governance } = ann
    const of = (task: Promise<unknown>) =>
      Promise.race([
        task.then(
          (v) => ['ok', v],
          (e) => e.fault ?? String(e),
        ),
        new Promise((r) => setTimeout(r, 4000, 'hangs')),
      ])
    const x = 'a'.repeat(64)
    const out: Record<string, unknown> = {}
    const tries: Record<string, () => Promise<unknown>> = {
      compare: () => governance.compare('x', 'y'),
      preview: () => governance.preview('x'),
      previewBad: () => governance.preview({ ...FIRST_CHARTER, jury: { ...FIRST_CHARTER.jury, threshold: 2 } }),
      previewSelf: () => governance.preview({ ...FIRST_CHARTER, parents: [cidOf(FIRST_CHARTER)] }),
      forkBad: () => governance.fork({} as never),
      sign: () => governance.sign('x', 'clicked'),
      signGrade: () => governance.sign(cidOf(FIRST_CHARTER), 'bogus' as never),
      sponsor: () => governance.sponsor('zz'),
      proposeBad: () => governance.propose({} as never, 'x'.repeat(5000)),
      contest: () => governance.contest(x, 'quality', 'y'),
      serve: () => governance.serve(x, true),
      vote: () => governance.vote('zz', 'uphold', 'x'.repeat(1e6)),
      appeal: () => governance.appeal(x),
      dissent: () => governance.dissent(x, 'y'),
      caseFile: () => governance.caseFile(x),
      entry: () => governance.entry('nope'),
      affirm: () => governance.affirm('nope'),
      set: () => governance.setDefault('nope', 'x'),
      setLong: async () => governance.setDefault((await governance.defaults())[3]!.key, '<b>\u0000\n'.repeat(1000)),
      vouchBad: () => governance.vouch('nobody' as never, true),
      vouchSelf: () => governance.vouch(ann.id, true),
      w1: () => governance.report({ window: 1, scope: 'mine' }).then((r) => r.decisions),
      w0: () => governance.report({ window: 0, scope: 'everything' }).then((r) => r.decisions),
      wNaN: () => governance.report({ window: NaN, scope: 'mine' }).then((r) => r.decisions),
      wNeg: () => governance.report({ window: -3, scope: 'mine' }).then((r) => r.decisions),
      wFrac: () => governance.report({ window: 1.5, scope: 'mine' }).then((r) => r.decisions),
      scope: () => governance.report({ window: 1, scope: 'x' as never }).then((r) => r.decisions),
      viewer: () => governance.report({ window: 1, scope: 'mine', viewer: 'x' as never }).then((r) => r.decisions),
      uncertaintyZero: async () =>
        governance.uncertainty(await governance.report({ window: 0, scope: 'mine' })).then((u) => u.measures.length),
      uncertaintyForeign: async () =>
        governance.uncertainty({ ...(await governance.report({ window: 0, scope: 'mine' })) }),
      importGarbage: () => governance.importLedger(new Uint8Array([1, 2, 3])),
      importEmpty: () => governance.importLedger(new Uint8Array()),
    }
    for (const [name, task] of Object.entries(tries)) out[name] = await of((async () => task())())
    console.log(JSON.stringify(out, (_, v) => (v instanceof Uint8Array ? 'bytes' : v), 1).slice(0, 6000))
    const file = await governance.exportLedger()
    console.log('cut', await of(governance.importLedger(file.subarray(0, file.length >> 1))))
    console.log('again', await of(governance.importLedger(file)))
  })
})
