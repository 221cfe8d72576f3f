import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { fault } from '../../src/domain/fault.ts'
import type { ImportView, Proposal } from '../../src/peer/view.ts'
import type { MootApp } from '../../src/ui/moot-app.ts'
import { moods, photographs, type FakeImport } from '../kits/fake-models.ts'
import type { FakePeer } from '../kits/fake-peer.ts'
import { control, element, everyElement, focused, pageText, settled, until } from '../kits/page.ts'
import { mountScene, READY, READY_TEXT, type SceneName } from '../kits/scenes.ts'

let app: MootApp
let peer: FakePeer

const open = async (scene: SceneName) => {
  localStorage.clear()
  ;({ app, peer } = await mountScene(scene))
}
afterEach(() => app.remove())

const press = async (name: string) => {
  control(name).click()
  await settled(app)
}
const type = async (selector: string, text: string, event = 'input') => {
  const field = element<HTMLInputElement>(selector)
  field.value = text
  field.dispatchEvent(new Event(event))
  await settled(app)
}
const going = (): FakeImport => peer.models.imports.at(-1)!
const becomes = async (change: Partial<ImportView>) => {
  going().change(change)
  await settled(app)
}
const choose = async (selector: string, ...files: File[]) => {
  const field = element<HTMLInputElement>(selector)
  const transfer = new DataTransfer()
  for (const file of files) transfer.items.add(file)
  field.files = transfer.files
  field.dispatchEvent(new Event('change'))
  await settled(app)
}

describe('adding begins', () => {
  beforeEach(() => open('add'))

  test('with several files at once', async () => {
    await choose('input[multiple]', new File(['a'], 'model.onnx'), new File(['b'], 'model.onnx_data'))
    expect(going().origin).toEqual({
      kind: 'files',
      files: [
        { path: 'model.onnx', blob: expect.any(File) },
        { path: 'model.onnx_data', blob: expect.any(File) },
      ],
    })
  })

  test.for([
    ['onnx-community/whisper-tiny', { kind: 'hub', repository: 'onnx-community/whisper-tiny' }],
    ['https://example.org/a.onnx', { kind: 'url', url: 'https://example.org/a.onnx' }],
  ] as const)('with %s, by keyboard alone', async ([address, origin]) => {
    element('#address').focus()
    await userEvent.keyboard(`${address}{Enter}`)
    await until(() => peer.models.imports.length === 1)
    expect(going().origin).toMatchObject(origin)
  })

  test('with no address that is none, and says why', async () => {
    await type('#address', 'ftp://example.org/a.onnx')
    await press('Look')
    expect(peer.models.imports).toEqual([])
    expect(pageText()).toContain('could not be read: it begins with neither https:// nor http://')
  })

  test('where it was left half-way', async () => {
    expect(pageText()).toContain('candy.onnx 3.1 MiB read. Give the same files again to go on')
    await press('Discard: candy.onnx')
    await until(() => !pageText().includes('candy.onnx'))
    await press('Resume: onnx-community/whisper-tiny')
    expect(going().origin).toEqual({ kind: 'hub', repository: 'onnx-community/whisper-tiny' })
  })
})

describe('an import', () => {
  beforeEach(() => open('add-looking'))

  test('asks which of several files is meant, by keyboard alone', async () => {
    await becomes({ phase: 'choosing', choices: [{ path: 'a.onnx', size: 2048 }, { path: 'b.onnx' }] })
    expect(focused()?.textContent).toBe('Which file?')
    expect(pageText()).toContain('a.onnx 2 KiB')
    expect(pageText()).toContain('b.onnx size unknown')
    await userEvent.keyboard('{Tab}{ArrowDown}{Tab}{Enter}')
    expect(going().chosen).toEqual(['b.onnx'])
  })

  test('says what came, of how much, and how long yet', async () => {
    await becomes({ phase: 'reading' })
    expect(pageText()).toContain('Asking for the first bytes')
    await becomes({ transfer: { bytes: 1024 ** 2, total: 4 * 1024 ** 2, secondsLeft: 3 } })
    expect(pageText()).toContain('1.0 MiB of 4.0 MiB (25 %), 3 s left')
    expect(element<HTMLProgressElement>('progress').value).toBe(0.25)
  })

  test('reads a phase out once, and none of its bytes', async () => {
    await becomes({ phase: 'reading', transfer: { bytes: 1, total: 4 } })
    const status = [...everyElement()].filter((each) => each.matches('[role=status]')).map((each) => each.textContent)
    expect(status).toContain('Reading')
    expect(status.join()).not.toContain('bytes')
  })

  test('keeps the focus on Cancel for as long as it goes on', async () => {
    control('Cancel').focus()
    for (const phase of ['reading', 'checking'] as const) {
      await becomes({ phase })
      expect(focused()?.textContent).toBe('Cancel')
    }
  })

  test('is cancelled, tried again, and put away', async () => {
    await press('Cancel')
    expect(pageText()).toContain('Cancelled. What was read stays for another try.')
    await press('Try again')
    expect(peer.models.imports).toHaveLength(2)
    expect(peer.models.imports[1]?.origin).toBe(peer.models.imports[0]?.origin)
    await press('Cancel')
    await press('Choose another')
    expect(pageText()).toContain("Drop the model's files here")
  })

  test('tells what the file says of itself while it is checked', async () => {
    await becomes({ ...READY, phase: 'checking' })
    expect(pageText()).toContain('Conv × 26 · Relu × 26')
    expect(pageText()).toContain('(opset 17)')
    expect(pageText()).toContain('1.24 million')
  })

  test('that is refused says so in its own sentence', async () => {
    await becomes({
      phase: 'failed',
      fault: { code: 'MODEL_REFUSED', why: 'its operator RandomNormal draws at random' },
    })
    expect(focused()?.textContent).toBe('Not added')
    expect(pageText()).toContain(
      'This model cannot be run here: its operator RandomNormal draws at random. Choose another.',
    )
    expect(pageText()).not.toContain('Try again')
  })

  test('goes on while other screens are looked at, and ends where the room is left', async () => {
    location.hash = '#/r/commons/peers'
    await until(() => pageText().includes('You and 6 others'))
    location.hash = '#/r/commons/models/add'
    await until(() => pageText().includes('Looking what is there'))
    expect(going().view.phase).toBe('looking')
    location.hash = '#/r/elsewhere/ask'
    await until(() => going().view.phase === 'failed')
  })
})

describe('what is proposed', () => {
  beforeEach(async () => {
    await open('add-looking')
    await becomes(READY)
  })
  const published = async (): Promise<Proposal> => {
    await press('Publish')
    await until(() => going().published.length > 0)
    return going().published.at(-1)!
  }

  test('is published as it stands, and can be asked and looked at', async () => {
    expect(await published()).toEqual(READY.proposal)
    await until(() => focused()?.textContent === 'Published')
    await settled(app)
    expect(pageText()).toContain('squeezenet 1.1 is listed in this room, signed with your key.')
    expect(going().published).toHaveLength(1)
    await press('Ask it')
    await until(() => pageText().includes('Tabs to answer'))
    await settled(app)
    expect(element<HTMLSelectElement>('#model').value).toBe(photographs.id)
  })

  test('that was published is put away once one has gone on', async () => {
    await published()
    await until(() => focused()?.textContent === 'Published')
    location.hash = '#/r/commons/models'
    await until(() => pageText().includes('7 models'))
    expect(pageText()).not.toContain('is published')
    location.hash = '#/r/commons/models/add'
    await until(() => pageText().includes("Drop the model's files here"))
  })

  test('is mended first: a field left empty is none', async () => {
    await type('#name', 'small net')
    await type('#task', 'image-classification')
    await type('#notes', '  ')
    const { name, task, ...rest } = await published()
    expect([name, task]).toEqual(['small net', 'image-classification'])
    expect(rest).not.toHaveProperty('notes')
  })

  test('names itself in letters that others take', async () => {
    await type('#name', '<b>')
    expect(pageText()).toContain('Letters and digits, with')
    going().publishes = fault({ code: 'MALFORMED', what: 'manifest', why: 'name must be letters and digits' })
    await press('Publish')
    await until(() => pageText().includes('The manifest could not be read: name must be letters and digits.'))
    expect(element<HTMLInputElement>('#name').value).toBe('<b>')
  })

  test('says how far GPUs round it is not known, where it is not', () => {
    expect(pageText()).toContain('This device has no GPU that can be used')
  })

  const preset = (name: string) =>
    [...everyElement()].find(
      (each) => each.matches('.presets label') && each.textContent.startsWith(name),
    ) as HTMLElement

  test('scales pictures by a preset, by numbers of its own, and cuts out the middle', async () => {
    preset('−1 to 1').click()
    await settled(app)
    preset('Other numbers').click()
    await settled(app)
    await type('.numbers input', '100', 'change')
    await press('Cut out the middle')
    await type('#side', '256', 'change')
    expect((await published()).image).toEqual({
      ...READY.proposal?.image,
      mean: [100, 127.5, 127.5],
      deviation: [127.5, 127.5, 127.5],
      shorterSide: 256,
    })
  })

  test('takes the order of Caffe, and no deviation of 0', async () => {
    preset('Caffe').click()
    await settled(app)
    preset('Other numbers').click()
    await settled(app)
    const fields = [...everyElement()].filter((each) => each.matches('.numbers input')) as HTMLInputElement[]
    fields[3]!.value = '0'
    fields[3]!.dispatchEvent(new Event('change'))
    expect((await published()).image).toMatchObject({
      planes: ['blue', 'green', 'red'],
      mean: [104, 117, 123],
      deviation: [1, 1, 1],
    })
  })

  test('takes numbers in place of pictures, and pictures again with what was set before', async () => {
    await press('Numbers')
    expect(pageText()).not.toContain('Numbers it was trained on')
    await press('A picture')
    expect((await published()).image).toEqual(READY.proposal?.image)
  })

  test('takes its labels from a file, and warns where they do not fit', async () => {
    await choose('input[accept^=".txt"]', new File(['n01440764 tench\ngoldfish\nshark\n'], 'labels.txt'))
    await until(() => pageText().includes('3: tench · goldfish · shark'))
    await settled(app)
    expect(pageText()).toContain('The output has 4 numbers, and there are 3 labels.')
    await press('Any of them')
    expect((await published()).labels).toEqual({
      output: 'scores',
      names: ['tench', 'goldfish', 'shark'],
      activation: 'sigmoid',
    })
  })

  test('has no labels where the field is emptied', async () => {
    await type('#names', '', 'change')
    expect(pageText()).toContain('None: answers are shown as numbers.')
    expect(await published()).not.toHaveProperty('labels')
  })

  test('of a model that reads text has its tokens bounded', async () => {
    await becomes(READY_TEXT)
    await type('#most', '64')
    expect((await published()).text).toEqual({ ...moods.manifest.text, most: 64 })
  })

  test('is not added on a word, and stops', async () => {
    await press("Don't add it")
    expect(going().view.phase).toBe('failed')
    expect(pageText()).toContain("Drop the model's files here")
  })
})
