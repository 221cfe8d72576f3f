import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const ROOT = join(import.meta.dirname, '..', '..')

/** Lines of a process that are kept, the newest: what it says last is why it ended. */
const KEPT_LINES = 200

export interface Line {
  readonly text: string
  /** When it was read, by the calendar in milliseconds. */
  readonly at: number
}

/** A script of `src/entry` in a process of its own. It does not outlive this one. */
export interface Running {
  readonly pid: number
  /** Resolves with the match and its time, once a line that came or comes matches. Rejects with all it said where the process ends before. */
  line(pattern: RegExp): Promise<{ readonly match: RegExpExecArray; readonly at: number }>
  /** Asks it to end, and ends it at once where it does not within `ms`. */
  stop(ms: number): Promise<void>
}

const running = new Set<() => void>()
process.on('exit', () => {
  for (const kill of running) kill()
})

export function run(script: string, ...args: string[]): Running {
  const child = spawn(process.execPath, [join('src', 'entry', script), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const kill = () => child.kill('SIGKILL')
  running.add(kill)
  const closed = once(child, 'close').finally(() => running.delete(kill))
  const lines: Line[] = []
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (text) => {
      lines.push({ text, at: Date.now() })
      if (lines.length > KEPT_LINES) lines.shift()
      for (const look of [...waiting]) look()
    })
  return {
    pid: child.pid ?? 0,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          for (const { text, at } of lines) {
            const match = pattern.exec(text)
            if (match === null) continue
            waiting.delete(look)
            return resolve({ match, at })
          }
        }
        waiting.add(look)
        look()
        const said = () => lines.map(({ text }) => text).join('\n')
        void closed.then(() => reject(new Error(`${script} ended before it printed ${pattern}:\n${said()}`)))
      }),
    async stop(ms) {
      child.kill('SIGTERM')
      const late = setTimeout(kill, ms)
      await closed
      clearTimeout(late)
    },
  }
}
