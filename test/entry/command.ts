import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')

export interface Command {
  /** Resolves with the match, once a line of the output matches. Rejects with the whole output if the process ends before. */
  line(pattern: RegExp): Promise<RegExpExecArray>
  /** Asks the process to end, as a service manager would. Resolves with its exit status. */
  stop(): Promise<number | null>
  /** Resolves once the process has ended by itself. */
  readonly ended: Promise<{ status: number | null; output: string }>
}

/** Runs a script of `src/entry` as its npm script does. It is stopped when the test is over. */
export const run = (script: string, ...args: string[]): Command =>
  start(process.execPath, [join('src', 'entry', script), ...args])

/** Runs an npm script as a person does. */
export const npmRun = (script: string, ...args: string[]): Command => start('npm', ['run', script, '--', ...args])

function start(program: string, args: readonly string[]): Command {
  const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      lines.push(line)
      for (const look of [...waiting]) look()
    })
  }
  const closed = once(child, 'close') as Promise<[number | null]>
  const ended = closed.then(([status]) => ({ status, output: lines.join('\n') }))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })

  return {
    ended,
    line: async (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = lines.map((line) => pattern.exec(line)).find((found) => found !== null)
          if (match) resolve(match)
        }
        waiting.add(look)
        look()
        void ended.then(({ output }) =>
          reject(new Error(`${args.join(' ')} ended before it printed ${pattern}:\n${output}`)),
        )
      }),
    async stop() {
      child.kill('SIGTERM')
      return (await ended).status
    },
  }
}
