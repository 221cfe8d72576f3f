import { expect, test } from 'vitest'
import { leanCode } from '../../../src/adapters/libp2p/lean-code.ts'

/** One statement of a module of libp2p, as it stands in the build. */
const lean = (code: string): string => leanCode('module.js', code)

const PROTONS = "import { message } from 'protons-runtime';"

test.each([
  ['log(`dialled ${peer}`)', ';'],
  ["this.log.error('could not dial %p - %e', peer.toString(), err)", ';'],
  ["options?.log?.trace('took %dms', Date.now() - start)", ';'],
  ["promise.catch((err) => stream.log.error('closed', err))", 'promise.catch((err) => {})'],
  ["if (lost) this.log('lost'); else retry()", 'if (lost) ; else retry()'],
])('%s says something to nobody', (code, left) => {
  expect(lean(code)).toBe(left)
})

test.each([
  'this.log(await connection.close())',
  "this.log('closed %s', connection.close())",
  "this.log('closing %d', left--)",
  "this.log('forgot %s', delete peers[id])",
  "this.log('new %s', new Connection())",
  "this.log = logger.forComponent('libp2p')",
  'Object.assign(this, { log: this.log.newScope(id) })',
  'const heard = this.log(peer)',
])('%s does more than that, and stays', (code) => {
  expect(lean(code)).toBe(code)
})

test('metrics that nobody gave are neither counted nor looked at', () => {
  expect(lean('this.metrics?.dials.increment({ [peer]: true })')).toBe('(void 0)?.dials.increment({ [peer]: true })')
  expect(lean('if (components.metrics != null) { count() }')).toBe('if (false) { count() }')
  expect(lean('const idle = init.metrics == null')).toBe('const idle = true')
  for (const used of ['this.metrics = init.metrics', 'this.metrics.dials?.increment()', 'metrics?.dials'])
    expect(lean(used)).toBe(used)
})

test('protobuf messages are not read as streams of fields', () => {
  const codec = `${PROTONS}codec = message((obj, w) => { w.fork() }, (reader) => ({}), function* (reader) { yield reader });`
  expect(lean(codec)).toBe(`${PROTONS}codec = message((obj, w) => { w.fork() }, (reader) => ({}));`)
  expect(lean(`${PROTONS}HopMessage.stream = stream;`)).toBe(`${PROTONS};`)
})

test('streams of other kinds are kept', () => {
  for (const used of ['this.stream = stream;', 'Muxer.stream = stream;', `${PROTONS}this.stream = stream;`])
    expect(lean(used)).toBe(used)
})

test('what lies in something that goes, goes with it', () => {
  expect(lean("this.log('%o', init.metrics?.dials); dial()")).toBe('; dial()')
})
