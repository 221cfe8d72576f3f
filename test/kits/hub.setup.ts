import type { TestProject } from 'vitest/node'
import { Hub, type Misbehaviour } from './hub.ts'
import { classifier } from './model-files.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where a hub is that any page may read, one that lets nobody, and a port where nobody answers. */
    readonly hubs: { readonly open: string; readonly closed: string; readonly gone: string }
  }
}

/** What goes wrong at an address of the open hub, by path. */
const WRONG: Readonly<Record<string, Misbehaviour>> = {
  '/circle.onnx': { redirect: 'self' },
  '/missing.onnx': { status: 404 },
  '/hidden.onnx': { status: 403 },
  '/page.onnx': { page: true },
  '/cut.onnx': { cut: { at: 1_500_000, times: 1 } },
  // However often: a browser tries again by itself where a connection was lost before an answer.
  '/given-up.onnx': { cut: { at: 1_500_000, times: Infinity } },
  '/unnamed.onnx': { unnamed: true },
}

/** Runs hubs for as long as the browser tests do. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [open, closed, gone] = await Promise.all([new Hub().start(), new Hub().start(), new Hub().start()])
  const model = classifier(3, 3 << 20)
  for (const hub of [open, closed]) {
    hub.files.set('/model.onnx', model)
    hub.repositories.set('owner/name', { files: { 'onnx/model.onnx': model } })
  }
  for (const [path, wrong] of Object.entries(WRONG)) {
    open.files.set(path, model)
    open.wrong.set(path, wrong)
  }
  open.wrong.set('/elsewhere.onnx', { redirect: `${closed.url}/model.onnx` })
  open.wrong.set('/moved.onnx', { redirect: `${open.url}/model.onnx` })
  closed.wrong.set('*', { cors: false })
  project.provide('hubs', { open: open.url, closed: closed.url, gone: gone.url })
  await gone.stop()
  return async () => {
    await Promise.all([open.stop(), closed.stop()])
  }
}
