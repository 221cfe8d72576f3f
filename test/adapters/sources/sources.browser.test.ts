import { describe, expect, inject, test } from 'vitest'
import { openIdbBlockStore } from '../../../src/adapters/idb/block-store.ts'
import { openIdbRecords } from '../../../src/adapters/idb/record-store.ts'
import { claim } from '../../../src/adapters/system/claim.ts'
import { sentence } from '../../../src/domain/fault.ts'
import type { ImportView } from '../../../src/peer/view.ts'
import { importer } from '../../kits/importer.ts'
import { databases } from '../idb/databases.ts'

const { open, closed, gone } = inject('hubs')

const settledOf = async (url: string): Promise<ImportView> => {
  const { imports } = await importer()
  return imports.import({ kind: 'url', url }).settled
}

const database = databases()

/** A tab over what this browser keeps. */
const tab = async () => {
  const kept = database('imports')
  const blocks = await openIdbBlockStore({ database: kept, maxBytes: 1 << 28 })
  return importer({ blocks, records: openIdbRecords({ database: kept, name: 'imports' }), claim })
}

const why = ({ fault }: ImportView): string => (fault ? sentence(fault) : 'it did not fail')

describe('a tab imports from another site', () => {
  test('that lets it, to a signed model', async () => {
    const { imports, published } = await importer()
    const importing = imports.import({ kind: 'url', url: `${open}/model.onnx` })
    const { proposal, fault } = await importing.settled
    expect(fault).toBeUndefined()
    await importing.publish(proposal!)
    expect(published[0]?.manifest.source).toBe(`${open}/model.onnx`)
  })

  test('with the layout of Hugging Face', async () => {
    const { imports } = await importer({ hub: open })
    const { phase, proposal } = await imports.import({ kind: 'hub', repository: 'owner/name' }).settled
    expect([phase, proposal?.name]).toEqual(['ready', 'name'])
  })

  test('over a connection that is cut, and a redirect', async () => {
    expect((await settledOf(`${open}/cut.onnx`)).phase).toBe('ready')
    expect((await settledOf(`${open}/moved.onnx`)).phase).toBe('ready')
  })

  test('and goes on with what another tab has left', async () => {
    const before = await tab()
    const given = before.imports.import({ kind: 'url', url: `${open}/given-up.onnx` })
    expect(why(await given.settled)).toMatch(/cut again and again/)
    await fetch(`${open}/mended/given-up.onnx`)
    const after = await tab()
    expect(after.imports.unfinished).toMatchObject([{ title: 'given-up.onnx', bytes: 1 << 20 }])
    const importing = after.imports.import(after.imports.unfinished[0]!.origin!)
    const firsts: number[] = []
    importing.subscribe(({ transfer }) => transfer && firsts.push(transfer.bytes))
    const { proposal } = await importing.settled
    expect(firsts[0]).toBe(1 << 20)
    await importing.publish(proposal!)
    expect((await tab()).imports.unfinished).toEqual([])
  })

  test('that has no name for the bytes', async () => {
    expect((await settledOf(`${open}/unnamed.onnx`)).phase).toBe('ready')
  })
})

describe('a tab is told why it cannot import from another site', () => {
  test.for<[string, string, RegExp]>([
    [
      'that lets nobody read it',
      `${closed}/model.onnx`,
      /does not let pages of other sites read it \(CORS\)\. Download/,
    ],
    ['that leads to one that lets nobody', `${open}/elsewhere.onnx`, /does not let pages of other sites read it/],
    ['that is not there', `${gone}/model.onnx`, /nothing answers at its address/],
    ['that leads round in circles', `${open}/circle.onnx`, /round in circles/],
    ['that has no such file', `${open}/missing.onnx`, /nothing at its address \(404\)/],
    ['that asks for a permission', `${open}/hidden.onnx`, /a permission that Moot does not have/],
    ['that has a page there', `${open}/page.onnx`, /a web page, not to a file/],
  ])('%s', async ([, url, said]) => expect(why(await settledOf(url))).toMatch(said))

  test('with the layout of Hugging Face, that lets nobody read it', async () => {
    const { imports } = await importer({ hub: closed })
    const view = await imports.import({ kind: 'hub', repository: 'owner/name' }).settled
    expect(why(view)).toMatch(/does not let pages of other sites read it/)
  })
})
