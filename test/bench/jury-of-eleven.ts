import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cidOf, FIRST_CHARTER, type Charter } from '../../src/domain/charter/charter.ts'
import { host, type Host, type HostOptions } from '../../src/entry/host.ts'
import { hostUnder } from '../../src/entry/host-under.ts'
import type { CaseView } from '../../src/peer/governance-view.ts'
import type { Peer } from '../../src/peer/view.ts'
import { aDigit, digits } from '../kits/peers.ts'
import type { Figure } from './figure.ts'
import { run, type Running } from './processes.ts'

const PEERS = 40
/** Processes that start at a time: each has a machine's core busy for some seconds. */
const AT_A_TIME = 2
/** Seconds from the contest to the ruling at most. */
const BAR_S = 20
const ROOM = 'eleven'

/** Milliseconds between two looks at whether the room has come to rest, and that all of it may take. */
const LOOK_EVERY = 250
const PATIENCE = 120_000

/** Milliseconds for which nothing is asked of a room that has just come together: links are still made and given up. */
const REST = 30_000

/** Milliseconds that a process has to say goodbye. */
const GOODBYE = 3_000

const ELEVEN: Charter = {
  ...FIRST_CHARTER,
  title: 'Eleven',
  version: FIRST_CHARTER.version + 1,
  parents: [cidOf(FIRST_CHARTER)],
  jury: { ...FIRST_CHARTER.jury, sizes: [11] },
  appeal: { levels: 0 },
}

interface Juror {
  readonly process: Running
  readonly id: string
  /** Where it tells of itself. */
  readonly http: string
}

/** A room of Node peers, each but the two parties a process of its own: who is drawn of them serves and votes by a stated policy. */
export async function juryOfEleven(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'moot-bench-'))
  const relay = run(
    'relay.ts',
    ...['--host', '127.0.0.1', '--port', '0', '--webrtc-direct-port', 'off'],
    ...['--http-port', '0', '--data', join(folder, 'relay')],
  )
  const started: Running[] = [relay]
  const hosts: Host[] = []
  try {
    const [, address = ''] = (await relay.line(/^ {2}(\/ip4\/\S+)$/)).match
    const party = (name: string, watching: boolean): HostOptions => ({
      room: ROOM,
      relays: [address],
      data: join(folder, name),
      settings: { watching, duty: 1, cacheBytes: 64e6 },
    })
    const charter = await forked(party('ann', true))
    // The requester computes nothing, so that the other party answers.
    const ann = await host({ ...party('ann', true), charter })
    hosts.push(ann)
    const quiet = { say: () => {}, signal: new AbortController().signal }
    const ben = await hostUnder({ ...party('ben', false), charter }, quiet)
    hosts.push(ben)
    const begun = Date.now()
    const jurors: Juror[] = []
    for (let i = 0; i < PEERS - hosts.length; i += AT_A_TIME) {
      const batch = Array.from({ length: Math.min(AT_A_TIME, PEERS - hosts.length - i) }, (_, j) => {
        const process = run(
          'peer.ts',
          ...['--room', ROOM, '--relay', address, '--data', join(folder, `juror ${i + j}`)],
          ...['--http-port', '0', '--charter', charter, '--watch', '--duty', '100'],
          ...['--juror', (i + j) % 3 === 0 ? 'uphold' : 'dismiss'],
        )
        started.push(process)
        return process
      })
      jurors.push(...(await Promise.all(batch.map(ready))))
    }
    const gatheredMs = Date.now() - begun
    const parties = [ann.peer, ben.peer]
    await until(() => parties.every((peer) => membersOf(peer, charter) >= PEERS))
    const vouchedAt = Date.now()
    for (const peer of parties) for (const { id } of jurors) await peer.governance.vouch(id, true)
    await new Promise((resolve) => setTimeout(resolve, REST))
    await atRest(parties, jurors)
    const restedMs = Date.now() - vouchedAt
    const links = [
      ...parties.map(({ view }) => view.peers.filter(({ path }) => path === 'direct').length),
      ...(await Promise.all(jurors.map(async ({ http }) => (await healthOf(http)).links))),
    ]
    const memory = await Promise.all(jurors.map(({ process }) => residentMiB(process.pid)))
    const answer = await ann.peer.ask({ model: digits(ann.peer), input: aDigit() }, { check: { mode: 'one-tab' } }).done
    if (answer.job === undefined || answer.claims[0]?.peer !== ben.peer.id) throw new Error(`it ended ${answer.state}`)
    const phases = notePhases(ann.peer)
    const at = Date.now()
    const contest = await ann.peer.governance.contest(answer.job, 'quality', 'A bar is no digit.')
    const ruled = new RegExp(`^Case ${contest.slice(0, 8)}: ruled, (.*)$`)
    const seen = await Promise.all([
      ...parties.map((peer) => untilRuled(peer, contest)),
      ...jurors.map(async ({ process }) => (await process.line(ruled)).at),
    ])
    const ms = seen.map((when) => when - at).toSorted((a, b) => a - b)
    const [level] = caseOf(ann.peer, contest)?.levels ?? []
    return [
      {
        what: `jury of 11 among ${PEERS} Node peers, each juror a process of its own: from the contest to the ruling at every one of them`,
        value: Math.round((ms.at(-1) ?? Infinity) / 10) / 100,
        unit: 's',
        bar: BAR_S,
        raw: {
          ms,
          phases: phases(contest, at),
          ruling: { outcome: level?.ruling?.outcome, for: level?.ruling?.for, against: level?.ruling?.against },
          pool: level?.pool,
          asked: level?.seats.length,
          entries: ann.peer.governance.view.ledger.entries,
          gatheredMs,
          restedMs,
          links,
          memoryMiB: memory,
        },
      },
    ]
  } finally {
    await Promise.allSettled([...hosts.map((one) => one.stop()), ...started.slice(1).map((one) => one.stop(GOODBYE))])
    await relay.stop(GOODBYE)
    await rm(folder, { recursive: true, force: true })
  }
}

/** Signs the charter as a fork of the first one, and leaves. Gives its CID. */
async function forked(options: HostOptions): Promise<string> {
  const hosting = await host(options)
  try {
    await until(() => hosting.peer.governance.view.ready)
    return await hosting.peer.governance.fork(ELEVEN)
  } finally {
    await hosting.stop()
  }
}

/** A juror, once it goes by the charter. */
async function ready(process: Running): Promise<Juror> {
  const [, id = ''] = (await process.line(/^Peer .+, (\w+), is in the room /)).match
  const [, http = ''] = (await process.line(/^Health and metrics: (\S+)\/health/)).match
  return { process, id, http }
}

const membersOf = (peer: Peer, charter: string): number =>
  peer.governance.view.charters.find(({ id }) => id === charter)?.members ?? 0

const caseOf = (peer: Peer, contest: string): CaseView | undefined =>
  peer.governance.view.cases.find(({ id }) => id === contest)

/** Resolves once all hold as many entries, and both parties the same ones. */
async function atRest(parties: readonly Peer[], jurors: readonly Juror[]): Promise<void> {
  await until(async () => {
    const roots = new Set(parties.map(({ governance }) => governance.view.ledger.root))
    const held = await Promise.all(jurors.map(async ({ http }) => (await healthOf(http)).entries))
    return roots.size === 1 && held.every((entries) => entries === parties[0]?.governance.view.ledger.entries)
  })
}

async function healthOf(http: string): Promise<{ readonly entries: number; readonly links: number }> {
  return (await (await fetch(`${http}/health`)).json()) as { entries: number; links: number }
}

async function until(wanted: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE; !(await wanted());) {
    if (Date.now() > end) throw new Error('the room does not come to rest')
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY))
  }
}

/** When a peer of this process sees the ruling, by the calendar in milliseconds. */
const untilRuled = (peer: Peer, contest: string): Promise<number> =>
  new Promise((resolve) => {
    const look = () => {
      if (caseOf(peer, contest)?.phase !== 'ruled') return
      stop()
      resolve(Date.now())
    }
    const stop = peer.subscribe(look)
    look()
  })

/** Notes when a peer of this process first sees each phase of a case; gives them in milliseconds from some moment. */
function notePhases(peer: Peer): (contest: string, since: number) => Record<string, number> {
  const seen = new Map<string, number>()
  peer.subscribe(() => {
    for (const { id, phase } of peer.governance.view.cases)
      seen.set(`${id} ${phase}`, seen.get(`${id} ${phase}`) ?? Date.now())
  })
  return (contest, since) =>
    Object.fromEntries(
      [...seen].flatMap(([key, at]) => (key.startsWith(contest) ? [[key.slice(contest.length + 1), at - since]] : [])),
    )
}

/** Memory that a process holds, as Linux says; 0 elsewhere. */
async function residentMiB(process: number): Promise<number> {
  const status = await readFile(`/proc/${process}/status`, 'utf8').catch(() => '')
  return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_024)
}
