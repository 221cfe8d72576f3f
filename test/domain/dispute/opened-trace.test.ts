import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { OpenedTrace } from '../../../src/domain/dispute/evidence.ts'
import { compareOpened, nodesOf, Opened, wayTo } from '../../../src/domain/dispute/opened-trace.ts'
import { firstDifference, traceRoot } from '../../../src/domain/dispute/trace.ts'
import { hash } from '../../../src/domain/hash.ts'

const listOf = (count: number, name = 'a'): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => hash('test', name, i))

/** The same list with other hashes at some places. */
const changed = (list: readonly Uint8Array[], ...places: number[]): Uint8Array[] =>
  list.map((one, i) => (places.includes(i) ? hash('test', 'other', i) : one))

describe('a trace that is shown', () => {
  test('is bound by its root, whole or in part', () => {
    for (const count of [2, 16, 17, 67, 256, 257, 5_000]) {
      const list = listOf(count)
      const whole = Opened.whole(list)
      expect(whole.root).toEqual(traceRoot(list))
      const read = Opened.read(whole.show())
      expect(read?.hashAt(count - 1)).toEqual(list[count - 1])
      const part = Opened.read(whole.show(wayTo(count - 1, count)))
      expect(part?.hashAt(count - 1)).toEqual(list[count - 1])
      expect(count > 16 ? part?.hashAt(0) : undefined).toBeUndefined()
    }
  })

  test('takes 2.3 KB where a model has 66 operators', () => {
    const { nodes } = Opened.whole(listOf(67)).show()
    expect(nodes).toHaveLength(nodesOf(67))
    expect(nodes.reduce((sum, node) => sum + node.children.length, 0)).toBe((67 + 5) * 32)
  })

  test('with one altered byte, a missing parent, too many or too few hashes is none', () => {
    const shown = Opened.whole(listOf(300)).show()
    const alter = (change: (trace: OpenedTrace) => OpenedTrace) => Opened.read(change(structuredClone(shown)))
    const altered = alter((trace) => {
      const [first] = trace.nodes
      if (first) first.children[5] = (first.children[5] ?? 0) ^ 1
      return trace
    })
    expect(altered).toBeUndefined()
    expect(alter((trace) => ({ ...trace, count: 301 }))).toBeUndefined()
    expect(alter((trace) => ({ ...trace, root: hash('another') }))).toBeUndefined()
    expect(alter((trace) => ({ ...trace, nodes: trace.nodes.filter(({ level }) => level < 2) }))).toBeUndefined()
    const doubled = alter((trace) => ({ ...trace, nodes: [...trace.nodes, ...trace.nodes.slice(0, 1)] }))
    expect(doubled).toBeUndefined()
    const short = alter((trace) => ({
      ...trace,
      nodes: trace.nodes.map((node) => (node.level === 1 ? { ...node, children: node.children.subarray(32) } : node)),
    }))
    expect(short).toBeUndefined()
    const level = alter((trace) => ({ ...trace, nodes: [...trace.nodes, { level: 8, index: 0, children: hash('x') }] }))
    expect(level).toBeUndefined()
  })
})

describe('two traces', () => {
  test('are found to differ first where their lists do, however long they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 700 }), fc.array(fc.nat(699), { maxLength: 4 }), (count, places) => {
        const [a, b] = [listOf(count), changed(listOf(count), ...places)]
        const found = compareOpened(Opened.whole(a), Opened.whole(b))
        expect(found && 'at' in found ? found.at : undefined).toBe(firstDifference(a, b))
      }),
      { numRuns: 60 },
    )
  })

  test('are compared on the way down alone, one node at a time', () => {
    const count = 20_000
    const [a, b] = [Opened.whole(listOf(count)), Opened.whole(changed(listOf(count), 12_345, 17_000))]
    const ways = [wayTo(0, count).slice(0, 1)]
    let nodes = 0
    for (;;) {
      const places = ways.flat()
      const [left, right] = [Opened.read(a.show(places)), Opened.read(b.show(places))]
      if (!left || !right) throw new Error('a part was not bound')
      const found = compareOpened(left, right)
      if (found === undefined || 'at' in found) {
        expect(found).toEqual({ at: 12_345 })
        break
      }
      ways.push([found.need])
      nodes++
    }
    expect(nodes).toBe(3)
  })
})
