import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { fault } from '../../src/domain/fault.ts'
import { nicknameOf } from '../../src/domain/nickname.ts'
import type { DisputeView } from '../../src/peer/view.ts'
import type { MootApp } from '../../src/ui/moot-app.ts'
import { disputeOf, disputes, evidenceAltered, evidenceHolds, leaf } from '../kits/fake-disputes.ts'
import { idOf, type FakePeer } from '../kits/fake-peer.ts'
import { control, element, everyElement, focused, pageText, settled, until } from '../kits/page.ts'
import { mountScene, type SceneName } from '../kits/scenes.ts'

let app: MootApp
let peer: FakePeer

const open = async (scene: SceneName) => {
  app?.remove()
  ;({ app, peer } = await mountScene(scene))
}
const becomes = async (dispute: DisputeView) => {
  peer.change({ disputes: [dispute] })
  await settled(app)
}
const strip = () => element('moot-strip').shadowRoot!
const stones = () => [...strip().querySelectorAll('li')]
const readOut = (stone: Element | undefined) => stone?.textContent.replace(/\s+/g, ' ').trim()

beforeEach(() => localStorage.clear())
afterEach(async () => {
  app.remove()
  await page.viewport(1024, 768)
})

describe('the list', () => {
  test('says that there are none yet', () =>
    open('disputes-none').then(() => expect(pageText()).toContain('No disputes yet')))

  test('tells of each how it stands, who opened it and why, and leads to it', async () => {
    await open('disputes')
    expect(pageText()).toContain('Step 2 of 4: their accounts differ and are compared')
    expect(pageText()).toContain(`${nicknameOf(idOf('elm'))} opened it at`)
    expect(pageText()).toMatch(/a party objected · you are a party/)
    expect(pageText()).toContain('Others say: settled by running it again')
    const list = element('moot-disputes').shadowRoot!
    expect(list.querySelectorAll('li').length).toBe(Object.keys(disputes).length)
    list.querySelector('a')!.click()
    await until(() => pageText().includes('All disputes'))
    expect(location.hash).toMatch(/^#\/r\/commons\/disputes\/[0-9a-f]{64}$/)
    await until(() => focused()?.localName === 'h1')
  })

  test('is counted where one goes to it, as long as one is open', async () => {
    await open('disputes-none')
    const place = () => element('nav').textContent.replace(/\s+/g, ' ')
    expect(place()).not.toContain('open')
    await becomes(disputeOf('asserting'))
    expect(place()).toContain('Disputes 1 open')
    await becomes(disputeOf('settled'))
    expect(place()).not.toContain('open')
  })
})

test('what this tab refused is told apart, and what merely came twice is not', async () => {
  await open('disputes-none')
  const refused = { peer: idOf('yew'), nickname: nicknameOf(idOf('yew')), times: 1_000 }
  peer.change({ refused: [{ ...refused, fault: { code: 'REPLAYED', what: 'contest' } }] })
  await settled(app)
  expect(pageText()).not.toContain('Refused')
  peer.change({ refused: [{ ...refused, fault: { code: 'RATE_LIMITED', what: 'contests' } }] })
  await settled(app)
  expect(pageText()).toMatch(/Refused by this tab .* 1,000 times Too many contests at a time\./)
})

describe('a dispute', () => {
  test.for([
    ['settled', ['Settled by running it again: 2 of 3 answers stand', 'its claim did not stand', 'difference 0.0071']],
    ['proven', ['(Conv 18)', 'its account of the reference run did not stand', 'first 18 of 66 operators']],
    ['unresolved', ["Unresolved: don't rely on this", 'Nobody gave one.', '<b>Look</b> at the sheep']],
    [
      'overturned',
      ['Overturned. The earlier answer did not stand', '(now: settled by re-running one operator, Conv 18)'],
    ],
    ['output', ['Settled by comparing the accounts', 'the same of all 66 operators, and another output']],
    ['flooded', ['997 times', 'Too many assertions at a time.', 'it signed two accounts that contradict each other']],
    ['withheld', ['The values were not shown; their hash remains.']],
    ['heard', ['Known from others alone: nothing of it was checked here.']],
  ] as const)('%s is told in words', async ([name, words]) => {
    await open(`dispute-${name}`)
    for (const each of words) expect(pageText()).toContain(each)
    expect(pageText()).not.toMatch(/\b(true|false|cheat\w*|trustless|liar)\b/i)
  })

  test('goes on before one’s eyes, and each step is read out once', async () => {
    await open('dispute-asserting')
    const status = element('moot-dispute').shadowRoot!.querySelector('p[role=status]')!
    const said: (string | null)[] = []
    const watch = new MutationObserver(() => said.push(status.textContent))
    watch.observe(status, { childList: true, characterData: true, subtree: true })
    for (const name of ['asserting', 'comparing', 'comparing', 'rerunning', 'proven', 'proven'] as const)
      await becomes(disputeOf(name))
    watch.disconnect()
    expect(said).toEqual([
      'Step 2 of 4: their accounts differ and are compared',
      'Step 3 of 4: one operator is run again',
      'Settled by re-running one operator',
    ])
  })

  test('cuts what strangers wrote', async () => {
    await open('dispute-unresolved')
    expect(element('blockquote').textContent.length).toBeLessThanOrEqual(280)
    expect(element('blockquote').querySelector('b')).toBeNull()
    await open('dispute-long')
    expect(pageText()).not.toContain('x'.repeat(100))
  })

  test('is watched by who is no party, and says why it cannot be', async () => {
    await open('dispute-asserting')
    control('Watch').click()
    expect(peer.followed).toEqual([disputeOf('asserting').job])
    peer.follow = () =>
      Promise.reject(fault({ code: 'CONTEST_REFUSED', why: 'nobody here knows of a contest over it' }))
    await settled(app)
    control('Watch').click()
    await until(() => pageText().includes('nobody here knows of a contest over it'))
    await becomes({ ...disputeOf('asserting'), mine: true })
    expect([...everyElement()].some((each) => each.textContent === 'Watch')).toBe(false)
  })
})

describe('the strip', () => {
  test('is an ordered list that says of each operator what the sides say of it', async () => {
    await open('dispute-proven')
    expect(strip().querySelector('ol')!.getAttribute('aria-label')).toBe('Operators in execution order')
    expect(stones().length).toBe(66)
    expect(readOut(stones()[17])).toBe('MaxPool 17: both sides say the same')
    expect(readOut(stones()[18])).toBe('Conv 18: here they part')
    expect(readOut(stones()[19])).toBe('Relu 19: builds on what differs')
  })

  test('marks them by shape as well as colour', async () => {
    await open('dispute-proven')
    const looks = [17, 18, 19].map((i) => {
      const stone = stones()[i]!.querySelector('.stone')!
      const { borderTopStyle, height, rotate } = getComputedStyle(stone)
      return [stone.querySelector('svg')!.innerHTML.replace(/<!--.*?-->/g, ''), borderTopStyle, height, rotate].join()
    })
    expect(new Set(looks).size).toBe(3)
  })

  test.for(['dispute-proven', 'dispute-long', 'dispute-vast'] as const)(
    '%s shows where the sides part, in the middle of the row',
    async (scene) => {
      await page.viewport(390, 844)
      await open(scene)
      const row = strip().querySelector('ol')!.getBoundingClientRect()
      const stone = strip().querySelector('li.differ')!.getBoundingClientRect()
      expect(Math.abs(stone.left + stone.right - row.left - row.right)).toBeLessThan(4)
    },
  )

  test('of many thousand operators stays small, and says how many are not drawn', async () => {
    await open('dispute-vast')
    expect(stones().length).toBeLessThan(700)
    expect(readOut(stones()[0])).toBe('12045 before: both sides say the same')
    expect(readOut(stones().at(-1))).toBe('7355 more: builds on what differs')
  })

  test('scrolls by keyboard, and ends in the operator card', async () => {
    await open('dispute-long')
    const row = strip().querySelector('ol')!
    const before = row.scrollLeft
    row.focus()
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}')
    await until(() => row.scrollLeft < before)
    await userEvent.keyboard('{Tab}')
    expect(focused()?.getAttribute('aria-label')).toBe('BatchNormalization 311: here they part. Show it')
    await userEvent.keyboard('{Enter}')
    expect(focused()?.textContent).toBe('BatchNormalization 311')
  })
})

describe('the operator card', () => {
  test('shows what went in, both outputs, and how far they lie apart, in a table too', async () => {
    await open('dispute-proven')
    expect(pageText()).toContain('fire3/concat_1 float32 [1, 128, 3, 3]')
    expect(pageText()).toContain('stands, equal to the bit')
    expect(pageText()).toContain('36 of 576 values differ. The largest difference is 0.0333')
    const card = element('moot-histogram').shadowRoot!
    const bars = [...card.querySelectorAll('rect')].filter((bar) => Number(bar.getAttribute('height')) > 0)
    const counts = [...card.querySelectorAll('tbody td:last-child')].map((cell) => Number(cell.textContent))
    expect(bars.length).toBe(counts.length)
    expect(counts.reduce((a, b) => a + b)).toBe(36)
  })

  test('is reckoned once for the same outputs, however often the view changes', async () => {
    await open('dispute-proven')
    const histogram = element('moot-histogram') as HTMLElement & { bins: unknown }
    const { bins } = histogram
    await becomes({ ...disputeOf('proven'), leaf: { ...leaf } })
    expect(histogram.bins).toBe(bins)
  })

  test('re-runs the evidence here, and says what does not hold', async () => {
    await open('dispute-proven')
    peer.evidenceIs = new Uint8Array(8)
    peer.replaysTo = evidenceHolds
    control('Re-run here').click()
    await until(() => pageText().includes('Replayed on this device, with the same outcome.'))
    peer.replaysTo = evidenceAltered
    await settled(app)
    control('Re-run here').click()
    await until(() => pageText().includes('What fails: inputs.'))
  })

  test('gives the evidence as a file, or says why not', async () => {
    await open('dispute-proven')
    const saved = vi.spyOn(URL, 'createObjectURL')
    peer.evidenceIs = new Uint8Array(5)
    control('Export evidence').click()
    await until(() => saved.mock.calls.length > 0)
    expect(saved.mock.calls[0]?.[0]).toHaveProperty('size', 5)
    saved.mockRestore()
    peer.evidenceIs = fault({ code: 'CONTEST_REFUSED', why: 'its evidence has expired' })
    await settled(app)
    control('Export evidence').click()
    await until(() => pageText().includes('its evidence has expired'))
  })
})
