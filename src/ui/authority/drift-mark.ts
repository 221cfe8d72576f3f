import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit'
import type { DriftShape } from './measure-words.ts'

const SHAPES: Readonly<Record<DriftShape, SVGTemplateResult>> = {
  rises: svg`<path d="M4 16L15.5 4.5M8 4h8v8"/>`,
  falls: svg`<path d="M4 4l11.5 11.5M16 8v8H8"/>`,
  steady: svg`<path d="M3 10h14"/>`,
  unknown: svg`<path d="M4 10h.01M10 10h.01M16 10h.01"/>`,
}

/** An arrow where a measure drifts, a line where chance explains it, dots where that is not known. The words stand beside it. */
export const driftMark = (shape: DriftShape): TemplateResult =>
  html`<svg
    aria-hidden="true"
    viewBox="0 0 20 20"
    width="1.15em"
    height="1.15em"
    fill="none"
    stroke="currentColor"
    stroke-width="2.2"
    stroke-linecap="round"
    stroke-linejoin="round"
  >
    ${SHAPES[shape]}
  </svg>`
