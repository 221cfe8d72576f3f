import { performance } from 'node:perf_hooks'
const { Ledger } = await import('/work/main/src/domain/ledger/ledger.ts')
const { nextEntry } = await import('/work/main/src/domain/ledger/append.ts')
const { encodeEntry, readEntry } = await import('/work/main/src/domain/ledger/entry.ts')
import { randomBytes } from 'node:crypto'
const rb = (n) => new Uint8Array(randomBytes(n))
const room = rb(16), charter = rb(32)
const N = 1000, M = 100
const sig = rb(64)
const logs = Array.from({ length: N }, () => ({ key: rb(32), log: [] }))
const all = []
const mk = (a, type, body, seen) => { const l = logs[a].log; const e = { room, seq: l.length, ...(l.length ? { prev: l.at(-1).id } : {}), seen: seen.map((r) => r.id), charter, type, body }; const r = readEntry({ body: encodeEntry(e), key: logs[a].key, signature: sig }); l.push(r); all.push(r) }
let s = performance.now()
for (let a = 0; a < N; a++) mk(a, 'KEY', { build: 'x' }, [])
for (let i = 1; i < M; i++) for (let a = 0; a < N; a++) {
  const seen = [...Array((Math.random() * 3) | 0)].map(() => logs[(Math.random() * N) | 0].log.at(-1)).filter((x) => x.author !== logs[a].log[0].author)
  mk(a, 'RECEIPT', { job: rb(32), state: 'agreed', executors: [rb(32), rb(32), rb(32)], commitment: rb(32), drawnFrom: 5, chosen: false }, [...new Set(seen)])
}
console.log('made', performance.now() - s)
const time = (n, f) => { const s = performance.now(); const r = f(); console.log(n, (performance.now() - s).toFixed(1)); return r }
for (const [name, order] of [['causal', all], ['by log', logs.flatMap((l) => l.log)], ['backwards logs', logs.toReversed().flatMap((l) => l.log)]]) {
  console.log(name)
  const ledger = new Ledger(room)
  time('take', () => { for (const r of order) { const t = ledger.take(r); if (t.kind !== 'added') throw new Error(JSON.stringify(t)) } })
  time('inOrder', () => ledger.inOrder()); time('again', () => ledger.inOrder())
  time('of', () => ledger.of('RECEIPT'))
  time('past', () => ledger.past(ledger.authors().slice(0, 500).map((a) => ledger.head(a).id)))
  const root = time('root', () => ledger.root())
  time('coverage', () => ledger.coverage())
  const me = ledger.authors()[0]
  time('next', () => nextEntry(ledger, me, { charter, type: 'DEFAULT_SET', body: { key: 'a', value: 'b' } }))
  time('next', () => nextEntry(ledger, me, { charter, type: 'DEFAULT_SET', body: { key: 'a', value: 'b' } }))
  time('unseen', () => console.log(ledger.unseenBy(me, 512).length))
  console.log(Buffer.from(root).toString('hex').slice(0, 8), ledger.size, process.memoryUsage().heapUsed >> 20, process.memoryUsage().arrayBuffers >> 20)
}
