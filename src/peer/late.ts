/** Loads something when it is first wanted, once for all who want it. Where that fails, for want of a network perhaps, the next who wants it tries again. */
export function late<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined
  return () => {
    loading ??= load()
    loading.catch(() => (loading = undefined))
    return loading
  }
}
