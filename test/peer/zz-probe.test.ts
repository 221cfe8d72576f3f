import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { memoryLogs } from '../../src/adapters/memory/log-store.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { randomBytes } from '../../src/adapters/webcrypto/random.ts'
import { openSigner } from '../../src/adapters/webcrypto/signer.ts'
import { verifySignature } from '../../src/adapters/webcrypto/verify.ts'
import { cidOf, FIRST_CHARTER, type Charter } from '../../src/domain/charter/charter.ts'
import { encodeCharter } from '../../src/domain/charter/charter-document.ts'
import { encode } from '@ipld/dag-cbor'
import { digestOfCid } from '../../src/domain/cids.ts'
import { fromHex, hash, hex } from '../../src/domain/hash.ts'
import { keyFromPeerId, type PeerId } from '../../src/domain/peer-id.ts'
import { roomName } from '../../src/domain/room-name.ts'
import { LedgerKeeper } from '../../src/peer/ledger/keep-ledger.ts'
import type { CaseView, Peer } from '../../src/peer/view.ts'
import { person } from '../kits/keys.ts'
import { aDigit, digits, openRoom, together, until, type Room } from '../kits/peers.ts'

const PATIENCE = { timeout: 100_000 }
const HURRIED: Charter = {
  ...FIRST_CHARTER,
  title: 'Hurried',
  timeouts: { ...FIRST_CHARTER.timeouts, link: 1_000, serve: 4_000, vote: 6_000, voteReveal: 6_000 },
}
const DIGEST = digestOfCid(cidOf(FIRST_CHARTER), 'charter')
let room: Room
beforeEach(async () => { room = await openRoom() })
afterEach(() => room.close())
const pause = (ms: number) => new Promise((r) => setTimeout(r, ms))

async function stranger(name: string, ...to: Peer[]) {
  const signer = await openSigner(person(name).seed)
  const net = room.network.peer(signer.peer)
  const keeper = new LedgerKeeper({ room: roomName('story'), roomTopic: hex(roomName('story')), net, signer, verify: verifySignature, clock: systemClock, random: randomBytes, store: memoryLogs(), isTrusted: () => false, isBlocked: () => false, onChange: () => {} })
  const stop = keeper.start()
  room.onClose(async () => { await stop(); await net.stop() })
  await net.start()
  for (const { id } of to) await net.connect(id, [`/memory/${id}`])
  await keeper.ready
  return { id: signer.peer, keeper, net, signer }
}
async function levelled(peers: readonly Peer[]) {
  for (let i = 0; i < 200; i++) { if (new Set(peers.map((p) => p.governance.view.ledger.root)).size === 1) return; await pause(50) }
  console.log('NOT LEVELLED', peers.map((p) => [p.governance.view.ledger.entries, p.governance.view.ledger.root.slice(0,8), p.governance.view.fault]))
}
const own: Record<string, any> = {}
async function gather(names: readonly string[], charter: Charter = HURRIED): Promise<Peer[]> {
  const peers: Peer[] = []
  for (const name of names) {
    own[name] = { logs: memoryLogs(), chainSecret: randomBytes(32) }
    peers.push(await room.join(name, { init: { charter }, components: { logs: () => own[name].logs, chainSecret: own[name].chainSecret } }))
  }
  await together(...peers)
  await Promise.all(peers.map((peer) => until(peer, () => peer.governance.view.ready)))
  await levelled(peers)
  return peers
}
async function court(n: number) {
  const names = ['ann', 'ben', ...Array.from({ length: n }, (_, i) => `j${i}`)]
  const peers = await gather(names)
  const [ann, ben, ...jurors] = peers as [Peer, Peer, ...Peer[]]
  for (const juror of jurors) { await ann.governance.vouch(juror.id, true); await ben.governance.vouch(juror.id, true) }
  await levelled(peers)
  for (const peer of jurors) await peer.configure({ paused: true })
  await until(ann, ({ peers: others }) => others.filter(({ paused }) => paused).length === jurors.length)
  const answer = await ann.ask({ model: digits(ann), input: aDigit() }, { check: { mode: 'one-tab' } }).done
  return { peers, ann, ben, jurors, answer, names }
}
const caseOf = (peer: Peer, c: string) => peer.governance.view.cases.find(({ id }) => id === c)
const short = (one?: CaseView) => one && JSON.stringify({ phase: one.phase, role: one.role, asks: one.asks, next: one.next, forfeited: one.forfeited, why: one.refusedFor, levels: one.levels.map((l) => ({ size: l.size, pool: l.pool, miss: l.linksMissing.length, wh: l.linksWithheld.length, seats: l.seats.map((s) => s.state + (s.isReplacement ? '+' : '')), ruling: l.ruling && [l.ruling.outcome, l.ruling.why, l.ruling.for, l.ruling.against, l.ruling.refuted] })) })
function votes(peer: Peer, vote: 'uphold' | 'dismiss', only: string[] = ['serve', 'vote']) {
  const begun = new Set<string>()
  const look = () => { for (const { id, asks, levels } of peer.governance.view.cases) for (const ask of only as any[]) { const key = `${id} ${levels.length} ${ask}`; if (!asks.includes(ask) || begun.has(key)) continue; begun.add(key); void (ask === 'serve' ? peer.governance.serve(id, true) : peer.governance.vote(id, vote, 'As told.')).catch((e) => console.log(ask, e.message)) } }
  peer.subscribe(look); look()
}

describe('probe', PATIENCE, () => {
  test('juror reloads between commit and reveal', async () => {
    const { peers, ann, jurors, answer, names } = await court(4)
    const contest = await ann.governance.contest(answer.job!, 'quality', 'No.')
    for (const j of jurors) votes(j, 'uphold', ['serve'])
    await pause(1200)
    const seated = caseOf(ann, contest)!.levels[0]!.seats.map((s) => s.peer)
    const first = jurors.find((j) => j.id === seated[0])!
    const i = peers.indexOf(first)
    await first.governance.vote(contest, 'uphold', 'Mine.')
    console.log('twice', await first.governance.vote(contest, 'dismiss', 'Mine.').then(() => 'ok', (e) => e.message))
    await first.leave()
    const again = await room.join(names[i]!, { init: { charter: HURRIED, settings: { duty: 1, paused: true } as never }, components: { logs: () => own[names[i]!].logs, chainSecret: own[names[i]!].chainSecret } })
    for (const j of jurors) if (j !== first) votes(j, 'dismiss', ['vote'])
    for (let k = 0; k < 60; k++) { await pause(200); if (caseOf(ann, contest)!.phase === 'ruled') break }
    console.log('ann', short(caseOf(ann, contest))); console.log('again', short(caseOf(again, contest)), again.governance.view.fault)
    console.log(caseOf(ann, contest)!.levels[0]!.seats.map((s) => [s.vote, s.reason]))
    expect(caseOf(ann, contest)!.phase).toBe('ruled')
  })
  test('executor leaves before the contest', async () => {
    const { ann, ben, jurors, answer } = await court(4)
    await ben.leave()
    const contest = await ann.governance.contest(answer.job!, 'quality', 'No.')
    for (const j of jurors) votes(j, 'uphold')
    for (let k = 0; k < 60; k++) { await pause(200); if (caseOf(ann, contest)?.phase === 'ruled') break }
    console.log('left', short(caseOf(ann, contest)))
    expect(caseOf(ann, contest)!.phase).toBe('ruled')
  })
  test('requester leaves right after its contest', async () => {
    const { ann, ben, jurors, answer } = await court(4)
    const contest = await ann.governance.contest(answer.job!, 'quality', 'No.')
    await pause(100)
    await ann.leave()
    for (const j of jurors) votes(j, 'uphold')
    for (let k = 0; k < 60; k++) { await pause(200); if (caseOf(ben, contest)?.phase === 'ruled') break }
    console.log('gone', short(caseOf(ben, contest)))
  })
  test('nobody votes; then appeals', async () => {
    const { ann, ben, jurors, answer } = await court(17)
    const contest = await ann.governance.contest(answer.job!, 'quality', 'No.')
    jurors.forEach((j, i) => { if (i % 2) votes(j, 'uphold'); else votes(j, 'dismiss') })
    for (let k = 0; k < 90; k++) { await pause(200); if (caseOf(ben, contest)?.phase === 'ruled') break }
    console.log('L0', short(caseOf(ben, contest)))
    const both = await Promise.allSettled([ann.governance.appeal(contest), ben.governance.appeal(contest), ben.governance.appeal(contest)])
    console.log(both.map((b) => b.status))
    for (let k = 0; k < 90; k++) { await pause(200); if (caseOf(ben, contest)?.levels.length === 2 && caseOf(ben, contest)?.phase === 'ruled') break }
    console.log('L1', short(caseOf(ben, contest)))
    console.log('last', await ann.governance.appeal(contest).then(() => 'ok', (e) => e.message))
    console.log('juror appeals', await jurors[0]!.governance.appeal(contest).then(() => 'ok', (e) => e.message))
    await levelled([ann, ben, ...jurors])
    const r = await ann.governance.report({ window: 0, scope: 'everything' })
    await ben.governance.vouch(ann.id, true)
    await pause(500)
    console.log('recompute after', await ann.governance.recompute(r))
  })
  test('onlooker acts', async () => {
    const [ann, ben] = await gather(['ann', 'ben'], FIRST_CHARTER) as [Peer, Peer]
    const cat = await room.join('cat', { init: { consent: undefined } as never })
    await until(cat, () => cat.governance.view.ready)
    await pause(1000)
    for (const f of [() => cat.governance.vouch(ann.id, true), () => cat.governance.propose({ ...FIRST_CHARTER, title: 'x', parents: [cidOf(FIRST_CHARTER)] }, 'y'), () => cat.governance.affirm('bootstrap'), () => cat.governance.fork({ ...FIRST_CHARTER, title: 'x', parents: [cidOf(FIRST_CHARTER)] })])
      console.log('onlooker', await f().then((x) => 'ok ' + x, (e) => e.message))
    const q = await cat.ask({ model: digits(cat), input: aDigit() }, { check: { mode: 'one-tab' } }).done
    console.log(q.state, q.fault, cat.governance.view.ledger.own, cat.governance.view.fault)
    console.log('contest', await cat.governance.contest(q.job!, 'quality', 'x').then(() => 'ok', (e) => e.message))
    void ben
  })
  test('two tabs of one key', async () => {
    const [ann] = await gather(['ann', 'ben'], FIRST_CHARTER) as [Peer, Peer]
    const twin = await stranger('ann')
    void twin; void ann
  })
  test('charter garbage', async () => {
    const [ann] = await gather(['ann', 'ben'], FIRST_CHARTER) as [Peer, Peer]
    const mal = await stranger('mal', ann)
    const say = (document: Uint8Array) => mal.keeper.append('FORK', { document }, DIGEST)
    await say(new Uint8Array([1, 2, 3]))
    await say(encode({ ...FIRST_CHARTER, jury: { ...FIRST_CHARTER.jury, threshold: 2 } }))
    const dropped = { ...FIRST_CHARTER, title: '<img src=x onerror=alert(1)>', entrenched: [], parents: [cidOf(FIRST_CHARTER)] }
    await say(encodeCharter(dropped))
    await say(encodeCharter({ ...FIRST_CHARTER, title: 'orphan', parents: [cidOf({ no: 1 })] }))
    for (let i = 0; i < 12; i++) await say(encodeCharter({ ...FIRST_CHARTER, title: `f${i}`, parents: [cidOf(FIRST_CHARTER)] }))
    await mal.keeper.append('PROPOSE', { document: new Uint8Array([9]), reason: 'x' }, DIGEST)
    await mal.keeper.append('PROPOSE', { document: encodeCharter(dropped), reason: '<b>x' }, hash('kit', 'unknown'))
    await pause(1500)
    console.log(ann.governance.view.charters.map((c) => [c.charter.title, c.members, c.labels.length]), ann.governance.view.proposals.length)
    console.log(ann.governance.view.charters.find((c) => c.charter.title.startsWith('<'))?.labels)
  })
  test('floods', async () => {
    const [ann] = await gather(['ann', 'ben'], FIRST_CHARTER) as [Peer, Peer]
    const mal = await stranger('mal', ann)
    let t = performance.now()
    for (let i = 0; i < 1000; i++) await mal.keeper.append('VOUCH', { peer: hash('kit', 'p', i) }, DIGEST)
    for (let i = 0; i < 1000; i++) await mal.keeper.append('DEFAULT_SET', { key: `k${i}`, value: 'v' }, DIGEST)
    console.log('wrote', performance.now() - t)
    await pause(3000)
    t = performance.now()
    const v = ann.governance.view
    void v.trust; void v.charters; void v.proposals
    console.log('view', performance.now() - t, v.ledger.entries, v.trust.trees.length)
    t = performance.now()
    const r = await ann.governance.report({ window: 0, scope: 'everything' })
    console.log('report', performance.now() - t, r.decisions, r.marked)
    const a = await ann.ask({ model: digits(ann), input: aDigit() }, { check: { mode: 'one-tab' } }).done
    console.log(a.state, a.totalMs)
    const s = performance.now(); JSON.stringify(ann.governance.view); console.log('stringify', performance.now() - s)
  })
})
