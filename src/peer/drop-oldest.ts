/** Lets go of what was put first, where there is more than may be kept. */
export function dropOldest(all: Pick<Map<string, unknown>, 'size' | 'keys' | 'delete'>, most: number): void {
  const [oldest] = all.keys()
  if (all.size > most && oldest !== undefined) all.delete(oldest)
}
