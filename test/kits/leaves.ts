/** Paths of everything in a value that is no record itself, lists included: `jury.sizes`. */
export const leavesOf = (value: object, at = ''): string[] =>
  Object.entries(value).flatMap(([name, each]: [string, unknown]) =>
    typeof each === 'object' && each !== null && !Array.isArray(each) && !(each instanceof Uint8Array)
      ? leavesOf(each, `${at}${name}.`)
      : [`${at}${name}`],
  )
