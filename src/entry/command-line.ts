import { parseArgs } from 'node:util'

interface Option {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  readonly default?: string
  /** What stands for the value in the help: `PORT`. */
  readonly value?: string
  readonly help: string
}

export interface Command {
  /** What a person types: `npm start --`. */
  readonly name: string
  /** One sentence. */
  readonly summary: string
  /** What stands for the positional arguments, where there are any: `FILE`. */
  readonly positionals?: string
  readonly options: Readonly<Record<string, Option>>
}

type Values<O extends Command['options']> = {
  [K in keyof O]: O[K] extends { multiple: true }
    ? string[]
    : O[K] extends { type: 'boolean' }
      ? boolean
      : O[K] extends { default: string }
        ? string
        : string | undefined
}

/** Exit status of a command that was given wrong arguments. */
const MISUSED = 2

/** Says what is wrong with the command line, and ends the process with status 2. */
export function misuse(command: Command, sentence: string): never {
  console.error(`${sentence}\nSee ${command.name} --help`)
  process.exit(MISUSED)
}

/** Reads the arguments of a script; `--help` prints what there is and ends the process, and so does a mistake. */
export function readCommandLine<const C extends Command>(
  command: C,
  args: readonly string[] = process.argv.slice(2),
): { options: Values<C['options']>; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(Object.entries(command.options).map(([name, option]) => [name, parserOptions(option)])),
        help: { type: 'boolean' },
      },
      allowPositionals: command.positionals !== undefined,
    })
    if (values['help'] === true) {
      console.log(helpOf(command))
      process.exit(0)
    }
    return { options: values as Values<C['options']>, positionals }
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split('. ', 1)
    return misuse(command, `${sentence}.`.replace(/\.\.$/, '.'))
  }
}

/** The number of a TCP or UDP port. 0 lets the system choose. */
export function readPort(command: Command, name: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65_535)) misuse(command, `--${name} takes a port, a number from 0 to 65535, and got "${text}".`)
  return port
}

const parserOptions = ({ type, multiple, default: initial }: Option) => ({
  type,
  ...(multiple ? { multiple, default: [] } : {}),
  ...(type === 'boolean' ? { default: false } : {}),
  ...(initial === undefined ? {} : { default: initial }),
})

function helpOf({ name, summary, positionals, options }: Command): string {
  const rows = Object.entries(options).map(([option, { value, help, default: initial }]) => [
    `--${option}${value ? ` ${value}` : ''}`,
    `${help}${initial === undefined ? '' : ` (${initial})`}`,
  ])
  rows.push(['--help', 'this text'])
  const width = Math.max(...rows.map(([left]) => left?.length ?? 0))
  return [
    `Usage: ${name} [OPTIONS]${positionals ? ` ${positionals}` : ''}`,
    summary,
    '',
    ...rows.map(([left = '', right]) => `  ${left.padEnd(width)}  ${right}`),
  ].join('\n')
}
