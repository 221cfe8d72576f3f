import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { routeOf, type AnswerState, type EngineKind, type Route } from '../../domain/states.ts'
import type { AnswerReport } from './page.ts'

/** One ask as it is reported. Tabs are numbered from 1. */
export interface AskRecord {
  readonly state: AnswerState
  /** Tabs in the room. */
  readonly tabs: number
  /** Whose claims the answer rests on: all that were revealed. */
  readonly deciders: readonly number[]
  readonly engineOf: Readonly<Record<number, EngineKind>>
  /** Deciders in groups that lie within the rule of each other, the largest first: one group unless contested. */
  readonly groups: readonly (readonly number[])[]
  /** The operator that decided a dispute, by its index in the file's node order, from 0; null where none did. */
  readonly operator: number | null
  readonly opType: string | null
  /** The ground on which it was decided; null where it was lost. */
  readonly route: Route | null
  /** Whose claims stand after a dispute. */
  readonly stands: readonly number[]
  /** Who lost, there or in an attempt before, and for what. */
  readonly losers: readonly number[]
  readonly lostFor: Readonly<Record<number, string>>
  readonly msTotal: number
  readonly msSlowestExecutor: number
  /** From the contest to the verdict; null where there was none. */
  readonly msDispute: number | null
  /** Attempts that were asked again by themselves, and why. */
  readonly again: readonly { readonly attempt: number; readonly reason: string; readonly who: readonly number[] }[]
  /** Why it was lost. */
  readonly fault?: string
  /** The receipt file, and that of evidence; null where there is none. */
  readonly receipt: string | null
  readonly evidence: string | null
}

/** Where files are kept; what has no folder is not. */
export interface Folders {
  readonly receipts: string
  readonly evidence?: string | undefined
}

/** An answer in the numbers of tabs, its files kept. */
export async function recordAsk(
  report: AnswerReport,
  { tabs, number, folders }: { tabs: number; number: (id: string) => number; folders: Folders },
): Promise<AskRecord> {
  const groups = [...new Set(report.claims.map((claim) => claim.group))]
    .map((group) => report.claims.filter((claim) => claim.group === group).map((claim) => number(claim.peer)))
    .toSorted((a, b) => b.length - a.length)
  return {
    state: report.state,
    tabs,
    deciders: groups.flat(),
    engineOf: Object.fromEntries(report.claims.map((claim) => [number(claim.peer), claim.engine])),
    groups,
    operator: report.operator?.index ?? null,
    opType: report.operator?.type ?? null,
    route: routeOf(report.state) ?? null,
    stands: report.stands.map(number),
    losers: report.losers.map((loser) => number(loser.peer)),
    lostFor: Object.fromEntries(report.losers.map((loser) => [number(loser.peer), loser.for])),
    msTotal: round(report.totalMs),
    msSlowestExecutor: round(report.slowestExecutorMs),
    msDispute: report.disputeMs === undefined ? null : round(report.disputeMs),
    again: report.again.map(({ attempt, reason, who }) => ({ attempt, reason, who: who.map(number) })),
    ...(report.fault === undefined ? {} : { fault: report.fault }),
    receipt: await keepFile(folders.receipts, 'moot', report.receipt),
    evidence: await keepFile(folders.evidence, 'evidence.moot', report.evidence),
  }
}

/** Files kept so far, of either kind. */
const kept: Record<string, number> = {}

async function keepFile(
  folder: string | undefined,
  ending: string,
  base64: string | undefined,
): Promise<string | null> {
  if (folder === undefined || base64 === undefined) return null
  const number = (kept[ending] = (kept[ending] ?? 0) + 1)
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${String(number).padStart(4, '0')}.${ending}`)
  await writeFile(path, Buffer.from(base64, 'base64'))
  return path
}

const round = (ms: number): number => Math.round(ms * 10) / 10
