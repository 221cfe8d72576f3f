import type { PeerId } from '../peer-id.ts'
import type { VouchGraph } from './vouches.ts'

/**
 * Of each member that vouches lead to from the roots, the root of its introducer tree: a given root, or a key vouched for by at least two
 * members of distinct trees, names its own; everybody else is in the tree of all who vouch for it. That is the first level of the graph's
 * dominator tree: whom one key alone leads to is in that key's tree, however many they are and however they vouch for each other
 * (Cooper, Harvey & Kennedy 2001, "A simple, fast dominance algorithm").
 */
export function introducerTrees(graph: VouchGraph, roots: readonly PeerId[]): ReadonlyMap<PeerId, PeerId> {
  const { members, index } = graph
  const isRoot = new Set(roots.flatMap((root) => index.get(root) ?? []))
  const source = members.length
  const order = reversePostorder(graph, isRoot)
  const place = new Uint32Array(members.length + 1)
  for (const [at, member] of order.entries()) place[member] = at + 1
  const parents = vouchersOf(graph, place)
  const dominator = new Int32Array(members.length + 1).fill(-1)
  dominator[source] = source
  for (let changes = true; changes;) {
    changes = false
    for (const member of order) {
      let found = isRoot.has(member) ? source : -1
      for (const parent of parents[member] ?? []) {
        if (found === source) break
        if (dominator[parent] === -1) continue
        found = found === -1 ? parent : meet(found, parent, dominator, place)
      }
      if (dominator[member] === found) continue
      dominator[member] = found
      changes = true
    }
  }
  const tree = new Map<number, number>()
  for (const member of order) {
    const above = dominator[member] ?? source
    tree.set(member, above === source ? member : (tree.get(above) ?? member))
  }
  return new Map(
    [...tree.keys()]
      .toSorted((a, b) => a - b)
      .flatMap((member) => {
        const [peer, root] = [members[member], members[tree.get(member) ?? member]]
        return peer === undefined || root === undefined ? [] : [[peer, root] as const]
      }),
  )
}

/** The nearest that dominates both. The source has place 0, before all. */
function meet(a: number, b: number, dominator: Int32Array, place: Uint32Array): number {
  let [left, right] = [a, b]
  while (left !== right) {
    while ((place[left] ?? 0) > (place[right] ?? 0)) left = dominator[left] ?? 0
    while ((place[right] ?? 0) > (place[left] ?? 0)) right = dominator[right] ?? 0
  }
  return left
}

/** Those who are reached, each before whom it alone leads to: by depth first, the roots in the order of their ids. */
function reversePostorder({ rows, targets }: VouchGraph, roots: ReadonlySet<number>): readonly number[] {
  const done: number[] = []
  const seen = new Set<number>()
  for (const root of [...roots].toSorted((a, b) => a - b)) {
    if (seen.has(root)) continue
    seen.add(root)
    const path = [{ member: root, at: rows[root] ?? 0 }]
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const target = top.at < (rows[top.member + 1] ?? 0) ? targets[top.at++] : undefined
      if (target === undefined) {
        done.push(top.member)
        path.pop()
      } else if (!seen.has(target)) {
        seen.add(target)
        path.push({ member: target, at: rows[target] ?? 0 })
      }
    }
  }
  return done.toReversed()
}

/** By member: those who are reached and vouch for it. */
function vouchersOf({ members, rows, targets }: VouchGraph, place: Uint32Array): readonly number[][] {
  const vouchers = members.map((): number[] => [])
  for (let i = 0; i < members.length; i++) {
    if (place[i] === 0) continue
    for (let at = rows[i] ?? 0; at < (rows[i + 1] ?? 0); at++) vouchers[targets[at] ?? 0]?.push(i)
  }
  return vouchers
}
