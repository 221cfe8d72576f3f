import type { Charter } from './charter.ts'
import { MAX_REPLICATION } from './messages.ts'

/** How an ask is checked: chosen for each ask; the charter names the default. */
export type Check =
  /** One executor, drawn by lot, unchecked. */
  | { readonly mode: 'one-tab' }
  /** So many executors, whose claims must agree. */
  | { readonly mode: 'replicated'; readonly replication: number }
  /** One executor, drawn by what this peer has seen of it, and checked as often as that leaves in doubt. */
  | { readonly mode: 'adaptive' }

/** What the charter's default comes to. */
export const defaultCheck = ({ verification: { mode, replication } }: Charter): Check =>
  mode === 'replicated' ? { mode, replication } : { mode }

/** A check that a job can carry. */
export const boundedCheck = (check: Check): Check =>
  check.mode === 'replicated'
    ? { ...check, replication: Math.max(1, Math.min(MAX_REPLICATION, Math.trunc(check.replication))) }
    : check

/** How many executors one job of it seats. */
export const executorsOf = (check: Check): number => (check.mode === 'replicated' ? check.replication : 1)
