import { html, type TemplateResult } from 'lit'
import type { EngineKind } from '../domain/states.ts'
import { icon } from './icons.ts'

/** A square for the CPU, a diamond for the GPU; the name stands beside it. */
export const engineMark = (engine: EngineKind): TemplateResult =>
  html`<span style=${`color:var(--moot-${engine});display:inline-block;vertical-align:-0.12em`}
    >${icon(engine, 0.95)}</span
  >`
