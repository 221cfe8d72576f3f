import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit'
import type { AnswerState } from '../domain/states.ts'

/** Each state has an outline of its own, so that no one has to tell colours apart. 24 × 24. */
const marks: Readonly<Record<AnswerState | 'overturned' | 'refuted', SVGTemplateResult>> = {
  'one-tab': svg`<circle cx="12" cy="12" r="9" stroke-dasharray="2.2 3.4"/><circle cx="12" cy="12" r="2.6" fill="currentColor"/>`,
  'checking': svg`<path d="M12 3a9 9 0 1 1-8.5 6"/><circle cx="8" cy="12" r="1" fill="currentColor"/><circle cx="12" cy="12" r="1" fill="currentColor"/><circle cx="16" cy="12" r="1" fill="currentColor"/>`,
  'agreed': svg`<circle cx="12" cy="12" r="9"/><path d="M7.5 12.3l3.2 3.2 5.8-6.6"/>`,
  'agreed-rounding': svg`<circle cx="12" cy="12" r="9"/><path d="M7.5 10.3c1.5-1.7 3-1.7 4.5 0s3 1.7 4.5 0M7.5 14.5c1.5-1.7 3-1.7 4.5 0s3 1.7 4.5 0"/>`,
  'agreed-gpus-only': svg`<path d="M12 2.3L21.7 12 12 21.7 2.3 12z"/><path d="M8.3 12.2l2.6 2.6 4.8-5.4"/>`,
  'contested': svg`<path d="M9.5 3.3a9 9 0 0 0 0 17.4M14.5 3.3a9 9 0 0 1 0 17.4M13.5 5l-3 5 3 4-3 5"/>`,
  'settled': svg`<rect x="3.5" y="3.5" width="17" height="17" rx="2"/><path d="M7.5 12.3l3.2 3.2 5.8-6.6"/>`,
  'proven': svg`<path d="M12 2.5l8.3 4.8v9.4L12 21.5l-8.3-4.8V7.3z"/><path d="M7.8 12.3l3 3 5.4-6.2"/>`,
  'ruled': svg`<path d="M4 4.5h16v8c0 4-3.5 7-8 9-4.5-2-8-5-8-9z"/><path d="M8 11.5l3 3 5-6"/>`,
  'refuted': svg`<path d="M4 4.5h16v8c0 4-3.5 7-8 9-4.5-2-8-5-8-9z"/><path d="M7.5 9.3h9M7.5 13.3h9M14.8 6.8l-5.6 9.2"/>`,
  'unresolved': svg`<circle cx="12" cy="12" r="9"/><path d="M9.3 9.5a2.7 2.7 0 1 1 3.8 2.5c-.8.4-1.1.9-1.1 1.8M12 16.7v.3"/>`,
  'overturned': svg`<path d="M4 9.5h11.5a4.7 4.7 0 0 1 0 9.4H9M7.8 5.5L3.8 9.5l4 4"/>`,
  'lost': svg`<circle cx="12" cy="12" r="9" stroke-dasharray="5 3"/><path d="M8.5 8.5l7 7M15.5 8.5l-7 7"/>`,
}

/** Decorative: the words of the state stand beside it. `size` in em. */
export const stateMark = (state: AnswerState | 'overturned' | 'refuted', size = 1.5): TemplateResult =>
  html`<svg
    aria-hidden="true"
    viewBox="0 0 24 24"
    width=${`${size}em`}
    height=${`${size}em`}
    fill="none"
    stroke="currentColor"
    stroke-width="1.9"
    stroke-linecap="round"
    stroke-linejoin="round"
  >
    ${marks[state]}
  </svg>`

/** Which of the four tones of `tokens` a state wears; Styles know them by name. */
export function toneOf(state: AnswerState): 'agreed' | 'rounding' | 'contested' | 'lone' {
  switch (state) {
    case 'agreed':
    case 'settled':
    case 'proven':
      return 'agreed'
    case 'agreed-rounding':
    case 'agreed-gpus-only':
    case 'ruled':
      return 'rounding'
    case 'contested':
    case 'unresolved':
    case 'lost':
      return 'contested'
    case 'one-tab':
    case 'checking':
      return 'lone'
    default:
      return state satisfies never
  }
}
