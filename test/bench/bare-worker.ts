import type { Tensors } from '../../src/domain/tensor.ts'
import { bareEngine } from './bare-engine.ts'

/** The first message is a model and its inputs; every other asks for one run. Each is answered when it is done. */
let run: (() => Promise<unknown>) | undefined

const answer = async (subject: { bytes: Uint8Array; inputs: Tensors }): Promise<void> => {
  if (run) await run()
  else run = await bareEngine(subject.bytes, subject.inputs, 'disabled')
  self.postMessage('done')
}

self.addEventListener('message', ({ data }: MessageEvent<{ bytes: Uint8Array; inputs: Tensors }>) => void answer(data))
