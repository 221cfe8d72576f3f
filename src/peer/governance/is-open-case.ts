import type { CaseView } from '../governance-view.ts'

const OVER: readonly CaseView['phase'][] = ['ruled', 'unresolved', 'refused']

/** Whether a jury is being drawn, or still at it. */
export const isOpenCase = ({ phase }: Pick<CaseView, 'phase'>): boolean => !OVER.includes(phase)
