import { nothing, svg, html, type SVGTemplateResult, type TemplateResult } from 'lit'

/** Line drawings on a 20 × 20 field, in the colour of the text beside them. */
const drawings = {
  ask: svg`<path d="M3.5 16.5l1-4L13 4l3 3-8.5 8.5zM11.5 5.5l3 3"/>`,
  models: svg`<path d="M10 2.5l7 3.8-7 3.8-7-3.8zM3 10l7 3.8 7-3.8M3 13.7l7 3.8 7-3.8"/>`,
  words: svg`<path d="M3.5 5h13M3.5 10h13M3.5 15h7.5"/>`,
  peers: svg`<circle cx="10" cy="3.6" r="1.7"/><circle cx="16" cy="8.2" r="1.7"/><circle cx="13.7" cy="15.2" r="1.7"/><circle cx="6.3" cy="15.2" r="1.7"/><circle cx="4" cy="8.2" r="1.7"/>`,
  /** A balance. */
  disputes: svg`<path d="M10 3v13.5M6.5 16.5h7M4.5 5.5h11M4.5 5.5L2 11.5h5zM15.5 5.5L13 11.5h5z"/>`,
  /** Standing stones, one taller than the others. */
  authority: svg`<path d="M2.5 17h15M4 17v-5.5l1.2-1.5 1.3 1.5V17M8.5 17V4.5L10 2.7l1.5 1.8V17M13.5 17v-3.5l1.2-1.5 1.3 1.5V17"/>`,
  more: svg`<path d="M4 10h.01M10 10h.01M16 10h.01" stroke-width="2.8"/>`,
  /** A page under a seal. */
  charter: svg`<path d="M4.5 2.5h11v8M4.5 2.5v13h4M7.5 6h5M7.5 9h5"/><circle cx="13" cy="13.3" r="2.2"/><path d="M12 15.3l-.8 2.4 1.8-.9 1.8.9-.8-2.4"/>`,
  /** One way that becomes two. */
  fork: svg`<path d="M10 17.5V11L5 6V3M10 11l5-5V3M2.8 5L5 2.8 7.2 5M12.8 5L15 2.8 17.2 5"/>`,
  /** A closed letter. */
  seal: svg`<rect x="2.5" y="4.5" width="15" height="11" rx="1.5"/><path d="M3 5.5l7 6 7-6"/>`,
  device: svg`<rect x="2.5" y="4" width="15" height="9.5" rx="1.5"/><path d="M7 16.5h6"/>`,
  key: svg`<circle cx="6.5" cy="10" r="3.7"/><path d="M10.2 10H17.5M14.5 10v3.2M17 10v2.2"/>`,
  receipt: svg`<path d="M5 2.5h10v15l-2.5-1.5-2.5 1.5-2.5-1.5L5 17.5zM8 6.5h4M8 9.5h4"/>`,
  pause: svg`<path d="M7 4.5v11M13 4.5v11" stroke-width="2.4"/>`,
  resume: svg`<path d="M6.5 4.2l9 5.8-9 5.8z"/>`,
  copy: svg`<rect x="7" y="7" width="9.5" height="9.5" rx="1.5"/><path d="M4.5 13H3.5V3.5H13v1"/>`,
  download: svg`<path d="M10 3v9.5M6 9l4 4 4-4M3.5 16.5h13"/>`,
  again: svg`<path d="M16 10a6 6 0 1 1-1.9-4.4M16.5 2.5v3.6h-3.6"/>`,
  pin: svg`<path d="M7 3h6M8 3v5l-2.5 3h9L12 8V3M10 11v6.5"/>`,
  flag: svg`<path d="M5 17.5v-15M5 3.5h9.5l-2.5 3.5 2.5 3.5H5"/>`,
  remove: svg`<path d="M3.5 5.5h13M8 5.5v-2h4v2M5.5 5.5l.7 11h7.6l.7-11"/>`,
  add: svg`<path d="M10 4v12M4 10h12"/>`,
  undo: svg`<path d="M7 4L3.5 7.5 7 11M4 7.5h7.5a4.5 4.5 0 0 1 0 9H8"/>`,
  clear: svg`<path d="M5 5l10 10M15 5L5 15"/>`,
  picture: svg`<rect x="2.5" y="3.5" width="15" height="13" rx="1.5"/><circle cx="7" cy="8" r="1.4"/><path d="M3 14.5l4.5-4 3 2.5 3-3 4 4"/>`,
  numbers: svg`<path d="M7 3c-2.5 0-1 6-3.5 7C6 11 4.5 17 7 17M13 3c2.5 0 1 6 3.5 7-2.5 1-1 7-3.5 7"/>`,
  file: svg`<path d="M5 2.5h6.5L15.5 6.5v11H5zM11.5 2.5v4h4"/>`,
  warning: svg`<path d="M10 3l7.5 13.5h-15zM10 8v4M10 14.2v.3"/>`,
  info: svg`<circle cx="10" cy="10" r="7.3"/><path d="M10 9v5M10 6v.3"/>`,
  block: svg`<circle cx="10" cy="10" r="7"/><path d="M5 5l10 10"/>`,
  holds: svg`<path d="M4 10.5l4 4 8-9"/>`,
  fails: svg`<path d="M5 5l10 10M15 5L5 15"/>`,
  absent: svg`<path d="M4.5 10h11"/>`,
  gpu: svg`<path d="M10 2.5L17.5 10 10 17.5 2.5 10z"/>`,
  cpu: svg`<rect x="4" y="4" width="12" height="12" rx="1.5"/>`,
  back: svg`<path d="M12.5 4L6.5 10l6 6"/>`,
  open: svg`<path d="M4.5 7.5L10 13l5.5-5.5"/>`,
  eye: svg`<path d="M2 10c2-3.7 4.7-5.5 8-5.5s6 1.8 8 5.5c-2 3.7-4.7 5.5-8 5.5S4 13.7 2 10z"/><circle cx="10" cy="10" r="2.3"/>`,
} as const satisfies Record<string, SVGTemplateResult>

export type IconName = keyof typeof drawings

/** A decorative drawing: the words beside it say the same. `size` in em. */
export const icon = (name: IconName, size = 1.15): TemplateResult =>
  html`<svg
    aria-hidden="true"
    viewBox="0 0 20 20"
    width=${`${size}em`}
    height=${`${size}em`}
    fill="none"
    stroke="currentColor"
    stroke-width="1.7"
    stroke-linecap="round"
    stroke-linejoin="round"
    class=${name === 'undo' || name === 'back' ? 'turns' : nothing}
  >
    ${drawings[name]}
  </svg>`
