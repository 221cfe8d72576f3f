import { describe, expect, test } from 'vitest'
import type { OpenedTrace } from '../../src/domain/dispute/evidence.ts'
import { compareOpened, Opened, type Place } from '../../src/domain/dispute/opened-trace.ts'
import { hash } from '../../src/domain/hash.ts'
import { openBoth, type Shown, type Side } from '../../src/peer/disputes/open-traces.ts'

const JOB = hash('test', 'job')
const listOf = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => hash('test', i))
const from = (list: readonly Uint8Array[], place: number): Uint8Array[] =>
  list.map((one, i) => (i < place ? one : hash('test', 'other', i)))

/** What some peers answer who are asked for a trace: by name, their list, or something else altogether. */
type Answers = Record<
  string,
  readonly Uint8Array[] | ((nodes: readonly Place[] | undefined) => OpenedTrace | undefined)
>

function wire(answers: Answers) {
  const asked: { peer: string; nodes: number | 'all' }[] = []
  return {
    asked,
    trace: async (peer: string, { nodes }: { nodes?: readonly Place[] }) => {
      asked.push({ peer, nodes: nodes?.length ?? 'all' })
      const answer = answers[peer]
      if (answer === undefined) throw new Error('it is gone')
      return typeof answer === 'function' ? answer(nodes) : Opened.whole(answer).show(nodes)
    },
  }
}

const side = (list: readonly Uint8Array[], ...authors: string[]): Side => {
  const { root, count } = Opened.whole(list)
  return {
    assertion: { kind: 'assert', room: 'r', job: JOB, canon: JOB, output: list.at(-1) ?? root, root, count },
    authors,
  }
}

async function open(answers: Answers, left: Side, right: Side, length: number) {
  const link = wire(answers)
  const signal = new AbortController().signal
  const shown = await openBoth({ wire: link, job: JOB, limitMs: 1_000, signal }, [left, right], length)
  return { shown, asked: link.asked }
}

const words = (shown: Shown) => (typeof shown === 'string' ? shown : 'opened')
const differ = ([a, b]: readonly [Shown, Shown]) =>
  typeof a === 'string' || typeof b === 'string' ? [words(a), words(b)] : compareOpened(a.opened, b.opened)

const list = listOf(67)

describe('both sides of a dispute', () => {
  test('are opened whole where their lists are short', async () => {
    const other = from(list, 30)
    const { shown, asked } = await open({ ben: list, dan: other }, side(list, 'ben'), side(other, 'dan'), 67)
    expect(differ(shown)).toEqual({ at: 30 })
    expect(asked).toEqual([
      { peer: 'ben', nodes: 'all' },
      { peer: 'dan', nodes: 'all' },
    ])
  })

  test('are opened node by node where a list would pass 256 KB, from this peer itself where it has one', async () => {
    const long = listOf(100_000)
    const other = from(long, 76_543)
    const left = { ...side(long), own: Opened.whole(long) }
    const { shown, asked } = await open({ dan: other }, left, side(other, 'dan'), long.length)
    expect(differ(shown)).toEqual({ at: 76_543 })
    expect(asked.every(({ peer, nodes }) => peer === 'dan' && Number(nodes) < 16)).toBe(true)
    expect(asked.length).toBeLessThan(8)
  })

  test('are shown by any who assert the same, where the first is gone', async () => {
    const other = from(list, 3)
    const { shown } = await open({ cat: list, dan: other }, side(list, 'ben', 'cat'), side(other, 'dan'), 67)
    expect(differ(shown)).toEqual({ at: 3 })
  })
})

describe('a side that', () => {
  const honest = side(list, 'ben')
  const other = from(list, 9)
  const against = async (answer: Answers[string] | undefined, claimed = side(other, 'dan')) => {
    const { shown } = await open({ ben: list, ...(answer ? { dan: answer } : {}) }, honest, claimed, 67)
    return differ(shown)
  }

  test('is gone, or has nothing to show, withholds it', async () => {
    expect(await against(undefined)).toEqual(['opened', 'withheld'])
    expect(await against(() => undefined)).toEqual(['opened', 'withheld'])
  })

  test('asserts a list of another length than the model has values is wrong about the model', async () => {
    const short = from(list, 9).slice(0, 60)
    expect(await against(short, side(short, 'dan'))).toEqual(['opened', 'bad'])
  })

  test('shows what its root does not bind, another trace, or an output that it did not assert is found out', async () => {
    const altered = () => {
      const trace = structuredClone(Opened.whole(other).show())
      const [node] = trace.nodes
      if (node) node.children[0] = (node.children[0] ?? 0) ^ 1
      return trace
    }
    expect(await against(altered)).toEqual(['opened', 'bad'])
    expect(await against(from(list, 10))).toEqual(['opened', 'bad'])
    const { root, count } = Opened.whole(other)
    expect(await against(() => ({ root, count, nodes: [] }))).toEqual(['opened', 'bad'])
    const untrue: Side = { ...side(other, 'dan'), assertion: { ...side(other).assertion, output: JOB } }
    expect(await against(other, untrue)).toEqual(['opened', 'bad'])
  })

  test('shows the way to one place and no other withholds the rest', async () => {
    const long = listOf(20_000)
    const changed = from(long, 15_000)
    const own = { ...side(long), own: Opened.whole(long) }
    const stubborn: Answers = { dan: (nodes) => Opened.whole(changed).show(nodes?.slice(0, 4)) }
    const { shown } = await open(stubborn, own, side(changed, 'dan'), long.length)
    expect(differ(shown)).toEqual(['opened', 'withheld'])
  })
})
