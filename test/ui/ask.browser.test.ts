import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cdp, userEvent } from 'vitest/browser'
import { elements } from '../../src/domain/elements.ts'
import { fault } from '../../src/domain/fault.ts'
import type { MootApp } from '../../src/ui/moot-app.ts'
import { digits, modelOf, moods, opinionOf, photographs, sums, TINY_TOKENIZER } from '../kits/fake-models.ts'
import { peerOf, type FakePeer } from '../kits/fake-peer.ts'
import { control, element, everyElement, focused, pageText, settled, until } from '../kits/page.ts'
import { mountScene } from '../kits/scenes.ts'

let app: MootApp
let peer: FakePeer

beforeEach(async () => {
  localStorage.clear()
  ;({ app, peer } = await mountScene('ask-alone'))
})
afterEach(() => app.remove())

const press = async (name: string) => {
  control(name).click()
  await settled(app)
}
const asked = () => peer.asked.at(-1)!
const inkOfAsked = () => Array.from(elements(asked().question.input['image']!)).filter((value) => value > 0.5).length

describe('a digit', () => {
  test('is asked by keyboard alone, drawn by the pad itself', async () => {
    control('Draw a 7').focus()
    await userEvent.keyboard('{Enter}')
    control('Ask').focus()
    await userEvent.keyboard('{Enter}')
    await until(() => pageText().includes('Being checked by 3 tabs'))
    expect(asked().question.input['image']?.dims).toEqual([1, 1, 28, 28])
    expect(inkOfAsked()).toBeGreaterThan(30)
    expect(location.hash).toBe('#/r/commons/answer/1')
    await until(() => focused()?.localName === 'h1')
    expect(focused()?.textContent).toContain('Being checked')
  })

  test('is drawn by pointer, stroke by stroke, undone and cleared', async () => {
    const canvas = element<HTMLCanvasElement>('canvas')
    const { left, top, width } = canvas.getBoundingClientRect()
    const at = (type: string, x: number, y: number) =>
      canvas.dispatchEvent(
        new PointerEvent(type, { pointerId: 1, clientX: left + x * width, clientY: top + y * width, bubbles: true }),
      )
    // A synthetic pointer cannot be captured.
    canvas.setPointerCapture = () => {}
    for (const x of [0.4, 0.6]) {
      at('pointerdown', x, 0.2)
      at('pointermove', x, 0.8)
      at('pointerup', x, 0.8)
    }
    await settled(app)
    expect(canvas.ariaLabel).toBe('Pad with a drawing of 2 strokes')
    await press('Undo')
    expect(canvas.ariaLabel).toBe('Pad with a drawing of 1 strokes')
    await press('Clear')
    expect(canvas.ariaLabel).toBe('Pad, empty')
  })

  test('is seen when the page turns dark, and light again', async () => {
    await press('Draw a 8')
    const canvas = element<HTMLCanvasElement>('canvas')
    const ink = () => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      const inked = data.findIndex((value, i) => i % 4 === 3 && value === 255)
      return data[inked - 3]!
    }
    const turn = (value: string) =>
      cdp().send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] })
    expect(ink()).toBeLessThan(128)
    await turn('dark')
    await until(() => ink() > 128)
    await turn('light')
    await until(() => ink() < 128)
  })

  test('that was not drawn is not asked, and the pad says what is missing', async () => {
    await press('Ask')
    expect(pageText()).toContain('Draw a digit first.')
    expect(peer.asked).toEqual([])
  })

  test('goes to as many tabs as wished for', async () => {
    await press('Draw a 3')
    const range = element<HTMLInputElement>('#replication')
    range.value = '5'
    range.dispatchEvent(new Event('input'))
    await settled(app)
    await press('Ask')
    expect(asked().options).toEqual({ check: { mode: 'replicated', replication: 5 } })
  })
})

describe('how to check', () => {
  const chosen = () => [...everyElement()].find((each) => each.matches('input[name=check]:checked'))?.parentElement

  test("is the charter's default until a person chooses, and says so", async () => {
    expect(chosen()?.textContent).toBe('3 tabs')
    expect(pageText()).toContain("This is the charter's default.")
    await press('Draw a 3')
    await press('Ask')
    expect(asked().options).toEqual({ check: { mode: 'replicated', replication: 3 } })
    app.remove()
    ;({ app, peer } = await mountScene('ask-alone'))
    peer.change({ charter: { ...peer.view.charter, check: { mode: 'adaptive' } } })
    await settled(app)
    expect(chosen()?.textContent).toBe('Adaptive')
    expect(pageText()).toContain("This is the charter's default.")
  })

  test.for([
    ['One tab', 'Runs once: the quickest, and nobody checks it.', { mode: 'one-tab' }],
    ['Adaptive', 'a tab that is new here is always checked', { mode: 'adaptive' }],
  ] as const)('%s tells what it costs and gives, and is asked', async ([name, words, check]) => {
    await press('Draw a 3')
    await press(name)
    expect(pageText()).toContain(words)
    expect(pageText()).toContain("The charter's default: 3 tabs.")
    expect(pageText()).not.toContain('Tabs to answer')
    await press('Ask')
    expect(asked().options).toEqual({ check })
  })

  test('is chosen by keyboard, and remembered while one looks elsewhere', async () => {
    control('3 tabs').focus()
    await userEvent.keyboard('{ArrowRight}')
    await until(() => chosen()?.textContent === 'Adaptive')
    location.hash = '#/r/commons/peers'
    await until(() => pageText().includes('Only you are here'))
    location.hash = '#/r/commons/ask'
    await until(() => pageText().includes('How to check it'))
    expect(chosen()?.textContent).toBe('Adaptive')
  })
})

test('a picture that is dropped is decoded here and becomes ink', async () => {
  await press('Picture')
  const canvas = new OffscreenCanvas(60, 40)
  const context = canvas.getContext('2d')!
  context.fillStyle = 'black'
  context.fillRect(0, 0, 60, 40)
  context.fillStyle = 'white'
  context.fillRect(25, 8, 6, 24)
  const files = new DataTransfer()
  files.items.add(new File([await canvas.convertToBlob()], 'one.png', { type: 'image/png' }))
  element('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true }))
  await until(() => pageText().includes('Choose another'))
  await press('Ask')
  expect(inkOfAsked()).toBeGreaterThan(60)
})

test('a file that is no picture is refused in words', async () => {
  await press('Picture')
  const files = new DataTransfer()
  files.items.add(new File(['not a picture'], 'one.png', { type: 'image/png' }))
  element('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true }))
  await until(() => pageText().includes('this browser cannot decode it'))
})

describe('numbers', () => {
  beforeEach(async () => {
    peer.change({ models: [sums] })
    await settled(app)
  })
  const type = async (text: string) => {
    const area = element<HTMLTextAreaElement>('textarea')
    area.value = text
    area.dispatchEvent(new Event('input'))
    await settled(app)
  }

  test('are asked as they were typed', async () => {
    await type(
      '{ "a": { "dtype": "float32", "dims": [1, 2], "data": [1, "NaN"] }, "b": { "dtype": "int64", "dims": [2], "data": [1, "2"] } }',
    )
    await press('Ask')
    expect(Object.keys(asked().question.input)).toEqual(['a', 'b'])
  })

  test('too many to type are refused before the field takes them', async () => {
    const area = element<HTMLTextAreaElement>('textarea')
    const data = '1'.repeat(4 * 1024 * 1024 + 1)
    const refused = !area.dispatchEvent(
      new InputEvent('beforeinput', { data, inputType: 'insertFromPaste', cancelable: true }),
    )
    await settled(app)
    expect(refused).toBe(true)
    expect(pageText()).toContain('The JSON is too large: 5 MiB, and the limit is 4 MiB.')
    await type('{}')
    expect(pageText()).not.toContain('too large')
  })

  test('that a float cannot hold are refused', async () => {
    await type('{ "a": { "dtype": "float32", "dims": [1, 2], "data": [1, 1e39] } }')
    await press('Ask')
    expect(pageText()).toContain('value 1 must be a number from -3.4e38 to 3.4e38')
  })

  test('that were not typed are asked for', async () => {
    await press('Ask')
    expect(pageText()).toContain('Fill in the numbers first.')
  })

  test('are filled in with an example that fits the model', async () => {
    await press('Fill in an example')
    await press('Ask')
    expect(asked().question.input['b']?.dims).toEqual([2])
  })

  test('that do not fit say which input and what was expected', async () => {
    await type('{ "a": { "dtype": "float32", "dims": [1, 2], "data": [1] } }')
    await press('Ask')
    expect(pageText()).toContain('The input "a" could not be read: 1 × 2 of float32 takes 2 values')
  })
})

describe('a text', () => {
  const file = (value: object) => new TextEncoder().encode(JSON.stringify(value))
  beforeEach(async () => {
    peer.change({ models: [moods] })
    peer.models.files = {
      'tokenizer.json': file(TINY_TOKENIZER),
      'tokenizer_config.json': file({ pad_token: '[PAD]' }),
    }
    await settled(app)
  })
  const ask = async (text: string) => {
    const field = element<HTMLTextAreaElement>('#words')
    field.value = text
    field.dispatchEvent(new Event('input'))
    await settled(app)
    await press('Ask')
  }
  const ids = () => Array.from(elements(asked().question.input['input_ids']!), Number)

  test('is cut into tokens by the tokenizer of the model, and told back beside the answer', async () => {
    await ask('What a FINE day')
    await until(() => peer.asked.length === 1)
    expect(ids()).toEqual([2, 4, 5, 6, 7, 3])
    expect(asked().question.input['attention_mask']).toMatchObject({ dtype: 'int64', dims: [1, 6] })
    await until(() => pageText().includes('What a FINE day'))
    expect(location.hash).toBe('#/r/commons/answer/1')
  })

  test('is what the list of asks tells it by', async () => {
    await ask('What a FINE day')
    await until(() => peer.asked.length === 1)
    location.hash = '#/r/commons/ask'
    await until(() => pageText().includes('Asked here'))
    await settled(app)
    expect(element('moot-history').shadowRoot?.textContent).toContain('What a FINE day')
  })

  test('that is too long is cut, and what the tokenizer puts around it stays', async () => {
    await ask('what a fine day '.repeat(9))
    await until(() => peer.asked.length === 1)
    expect(ids()).toEqual([2, 4, 5, 6, 7, 4, 5, 3])
  })

  test('that was not written is asked for', async () => {
    await press('Ask')
    expect(pageText()).toContain('Write something first.')
    expect(peer.asked).toEqual([])
  })

  test('whose tokenizer is none says so', async () => {
    peer.models.files = { ...peer.models.files, 'tokenizer.json': new TextEncoder().encode('{ "model": 7 }') }
    await ask('what a day')
    await until(() => pageText().includes('The tokenizer could not be read'))
    expect(peer.asked).toEqual([])
  })

  test('whose tokenizer nobody holds says so', async () => {
    peer.models.fails = fault({ code: 'BLOCK_MISSING', digest: '9f3a61c0d27b' })
    await ask('what a day')
    await until(() => pageText().includes('could not be fetched from anybody'))
  })
})

describe('the choice of a model', () => {
  test('says where its bytes are, and leads to adding one', async () => {
    peer.change({ models: [moods] })
    await settled(app)
    expect(pageText()).toContain('one tab holds it: those who compute fetch it')
    const link = [...everyElement()].find((each) => each.matches('moot-model-choice a, .about a'))
    expect(link?.getAttribute('href')).toBe('#/r/commons/models/add')
  })

  test('warns of a flag', async () => {
    peer.change({ models: [{ ...digits, opinions: [opinionOf('yew', 'flags', 'Not its own weights.')] }] })
    await settled(app)
    expect(pageText()).toContain('“Not its own weights.”')
  })

  test('is searched where it is long, and keeps what is chosen', async () => {
    const options = () => [...element<HTMLSelectElement>('#model').options].map((option) => option.textContent.trim())
    const models = Array.from({ length: 12 }, (_, i) => modelOf({ ...sums.manifest, name: `sum ${i + 1}` }))
    expect([...everyElement()].some((each) => each.matches('[type=search]'))).toBe(false)
    peer.change({ models: [digits, ...models] })
    await settled(app)
    expect(options()).toHaveLength(13)
    const field = element<HTMLInputElement>('[type=search]')
    field.value = 'sum 12'
    field.dispatchEvent(new Event('input'))
    await settled(app)
    expect(options()).toEqual(['Digits 1.0.0', 'sum 12 1'])
  })
})

test('who wants more tabs than are here is told how many could answer', async () => {
  peer.change({ peers: [peerOf('oak'), peerOf('ash')] })
  await settled(app)
  expect(pageText()).toContain('Only 2 tabs here could answer.')
  peer.change({ peers: [peerOf('oak'), peerOf('ash'), peerOf('elm')] })
  await settled(app)
  expect(pageText()).not.toContain('Only')
  expect(pageText()).toContain('3 tabs here could answer.')
})

test('who is alone is told so, and given a way to invite', () => {
  expect(pageText()).toContain("You're the only tab: answers will say one tab. Invite another:")
  expect(element('svg[role=img]').getAttribute('aria-label')).toBe('Code that opens this room')
  expect(control('Copy invite')).toBeInstanceOf(HTMLButtonElement)
})

test('what is about to be asked outlives a look at another screen', async () => {
  await press('Draw a 5')
  location.hash = '#/r/commons/peers'
  await until(() => pageText().includes('Only you are here'))
  location.hash = '#/r/commons/ask'
  await until(() => pageText().includes('Tabs to answer'))
  await settled(app)
  await press('Ask')
  expect(inkOfAsked()).toBeGreaterThan(30)
})

test('the model that was asked stays chosen, whatever order the room lists them in', async () => {
  peer.change({ models: [digits, photographs] })
  await settled(app)
  await press('Draw a 5')
  await press('Ask')
  peer.change({ models: [photographs, digits] })
  location.hash = '#/r/commons/ask'
  await until(() => pageText().includes('Tabs to answer'))
  await settled(app)
  expect(element<HTMLSelectElement>('select').value).toBe(digits.id)
})
