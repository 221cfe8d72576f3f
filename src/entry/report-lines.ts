/** Lines for a terminal. Names in a file are whatever somebody signed: no control character of theirs gets through. */
export const lines = (...all: string[]): string => all.map((line) => line.replace(/\p{C}/gu, '\uFFFD')).join('\n')

export const mark = (holds: boolean | undefined): string => (holds === undefined ? '–' : holds ? '✓' : '✗')
