const PAGE = 65_536

/**
 * From now on every `WebAssembly.Memory` made here grows to `limit` bytes at most, so that a model that asks for more
 * fails to allocate instead of taking the tab along. Must run before the engine's glue, in a worker of the engine's own.
 */
export function capMemory(limit: number): void {
  const pages = Math.floor(limit / PAGE)
  WebAssembly.Memory = class extends WebAssembly.Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super({ ...descriptor, maximum: Math.min(descriptor.maximum ?? pages, pages) })
    }
  }
}
