import { JobProtocol, type JobsComponents, type JobsInit } from './handler.ts'

export { MAX_INPUT, MAX_OUTPUT } from './constants.ts'
export type { JobsComponents, JobsEvents, JobsInit } from './handler.ts'
export { distinctOutputs, type Frame, type MessageFrame } from './messages.ts'
export type { JobStream } from './stream.ts'

/** How jobs travel: `jobs({ room })({ net, verify, clock })`. */
export const jobs =
  (init: JobsInit) =>
  (components: JobsComponents): JobProtocol =>
    new JobProtocol(init, components)

export type Jobs = JobProtocol
