import { OpinionProtocol, type OpinionsComponents, type OpinionsInit } from './handler.ts'

export { MAX_NAMED } from './constants.ts'
export type { OpinionBook, OpinionsComponents, OpinionsEvents, OpinionsInit } from './handler.ts'
export { OpinionTable } from './table.ts'

/** What is said of models: `opinions({ room })({ net, verify, clock, book })`. */
export const opinions =
  (init: OpinionsInit) =>
  (components: OpinionsComponents): OpinionProtocol =>
    new OpinionProtocol(init, components)

export type Opinions = OpinionProtocol
