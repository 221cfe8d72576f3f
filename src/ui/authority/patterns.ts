import { svg, type SVGTemplateResult } from 'lit'
import type { Grade } from '../../domain/ledger/entry.ts'
import type { Route } from '../../domain/states.ts'

/** Fillings that are told apart by their drawing, in any colour or none. Tiles of 8 × 8 pixels. */
const SHAPES = {
  solid: svg``,
  lines: svg`<path d="M0 2h8M0 6h8"/>`,
  grid: svg`<path d="M0 4h8M4 0v8"/>`,
  slant: svg`<path d="M-2 2l4-4M-2 10L10-2M6 10l4-4"/>`,
  rings: svg`<circle cx="4" cy="4" r="2.1" fill="none"/>`,
  dots: svg`<circle cx="2" cy="2" r="1.3" class="full"/><circle cx="6" cy="6" r="1.3" class="full"/>`,
  bars: svg`<path d="M2 0v8M6 0v8"/>`,
  cross: svg`<path d="M2 2l4 4M6 2L2 6"/>`,
} as const

interface Filling {
  readonly shape: keyof typeof SHAPES
  /** Custom properties of `tokens`, without their beginning. */
  readonly line: string
  readonly ground: string
}

const ROUTE_FILLINGS: Readonly<Record<Route, Filling>> = {
  arithmetic: { shape: 'solid', line: 'agreed', ground: 'agreed' },
  agreement: { shape: 'lines', line: 'agreed', ground: 'agreed-soft' },
  rule: { shape: 'grid', line: 'rounding', ground: 'rounding-soft' },
  jury: { shape: 'slant', line: 'surface', ground: 'gpu' },
  requester: { shape: 'rings', line: 'lone', ground: 'lone-soft' },
  default: { shape: 'dots', line: 'on-gorse', ground: 'gorse' },
  timeout: { shape: 'bars', line: 'line-strong', ground: 'surface' },
  unresolved: { shape: 'cross', line: 'contested', ground: 'contested-soft' },
}

const GRADE_FILLINGS: Readonly<Record<Grade | 'none', Filling>> = {
  'authored': { shape: 'solid', line: 'agreed', ground: 'agreed' },
  'ballot': { shape: 'slant', line: 'surface', ground: 'agreed' },
  'signed-after-diff': { shape: 'lines', line: 'agreed', ground: 'agreed-soft' },
  'clicked': { shape: 'dots', line: 'lone', ground: 'lone-soft' },
  'none': { shape: 'cross', line: 'contested', ground: 'contested-soft' },
}

const pattern = (id: string, { shape, line, ground }: Filling): SVGTemplateResult => svg`<pattern
  id=${id} width="8" height="8" patternUnits="userSpaceOnUse"
  style=${`stroke:var(--moot-${line});color:var(--moot-${line})`}
><rect width="8" height="8" stroke="none" style=${`fill:var(--moot-${ground})`}></rect>${SHAPES[shape]}</pattern>`

/** To stand once in a shadow root; `fill="url(#jury)"` then finds them anywhere in it. Styles: `patterns.styles`. */
export const routePatterns = (): SVGTemplateResult[] =>
  Object.entries(ROUTE_FILLINGS).map(([route, filling]) => pattern(route, filling))
export const gradePatterns = (): SVGTemplateResult[] =>
  Object.entries(GRADE_FILLINGS).map(([grade, filling]) => pattern(grade, filling))
