import { ControlProtocol, type ControlComponents } from './handler.ts'

export type { ControlComponents, ControlEvents } from './handler.ts'

/** A stream held with each neighbour, for its goodbye: `control()({ net, clock })`. */
export const control =
  () =>
  (components: ControlComponents): ControlProtocol =>
    new ControlProtocol(components)

export type Control = ControlProtocol
