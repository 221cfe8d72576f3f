import axe from 'axe-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cdp, page } from 'vitest/browser'
import type { MootApp } from '../../src/ui/moot-app.ts'
import { control, element, everyElement, settled } from '../kits/page.ts'
import { mountScene, SCENES, type SceneName } from '../kits/scenes.ts'

/** Pixels across the narrowest phone that is held intact. */
const NARROW = 320
/** Pixels of the least target (WCAG 2.2, 2.5.8). */
const LEAST_TARGET = 24

let app: MootApp
const scenes = Object.keys(SCENES) as SceneName[]

const emulate = (name: string, value: string) =>
  cdp().send('Emulation.setEmulatedMedia', { features: [{ name, value }] })

beforeEach(() => localStorage.clear())
afterEach(async () => {
  app.remove()
  document.documentElement.dir = 'ltr'
  await emulate('prefers-color-scheme', 'light')
  await page.viewport(1024, 768)
})

describe.for(['light', 'dark'])('in the %s', (scheme) => {
  test.for(scenes)('%s has nothing that axe finds', async (scene) => {
    await emulate('prefers-color-scheme', scheme)
    expect(matchMedia(`(prefers-color-scheme: ${scheme})`).matches).toBe(true)
    ;({ app } = await mountScene(scene))
    const { violations, passes } = await axe.run(app)
    expect(passes.length).toBeGreaterThan(8)
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
  })
})

describe.for(['ltr', 'rtl'])('on a phone, %s', (direction) => {
  test.for(scenes)('%s is as wide as the page', async (scene) => {
    await page.viewport(NARROW, 640)
    document.documentElement.dir = direction
    ;({ app } = await mountScene(scene))
    const wide = [...everyElement(app.renderRoot as ShadowRoot)]
      // What a row scrolls sideways may lie outside; the row may not.
      .filter(
        (element) =>
          element.getClientRects().length > 0 && !element.closest('.unseen, svg, thead, caption, ol[tabindex] > *'),
      )
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect()
        return width > 1 && (left < -1 || right > NARROW + 1)
      })
    expect(wide.map((element) => `${element.localName}.${element.className}`)).toEqual([])
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(NARROW)
  })
})

test.for(['ask', 'ask-drawn', 'ask-numbers'] as const)(
  'on a small phone %s shows the Ask button whole',
  async (scene) => {
    await page.viewport(NARROW, 640)
    ;({ app } = await mountScene(scene))
    const bar = element('nav').getBoundingClientRect()
    expect(control('Ask').getBoundingClientRect().bottom).toBeLessThanOrEqual(bar.top)
  },
)

test('on a small phone Pause stays beside a room of a long name', async () => {
  await page.viewport(NARROW, 640)
  const { app: mounted, peer } = await mountScene('ask-alone')
  app = mounted
  peer.change({ room: 'a room whose name is far longer than any phone is wide' })
  await settled(app)
  const [pause, home] = [control('Pause'), element('.home')].map((each) => each.getBoundingClientRect())
  expect(pause!.top).toBeLessThan(home!.bottom)
  expect(home!.right).toBeLessThanOrEqual(pause!.left)
})

test.for(scenes)('every target of %s is large enough', async (scene) => {
  ;({ app } = await mountScene(scene))
  const targets = [...everyElement(app.renderRoot as ShadowRoot)].filter(
    (element) => element.matches('button, a, select, summary, label:has(input)') && element.getClientRects().length > 0,
  )
  expect(targets.length).toBeGreaterThan(0)
  const small = targets
    .filter((element) => !element.closest('p, moot-invite div'))
    .map((element) => ({ name: element.textContent.trim(), box: element.getBoundingClientRect() }))
    .filter(({ box }) => Math.min(box.width, box.height) < LEAST_TARGET)
  expect(small.map(({ name }) => name)).toEqual([])
})

test('who wants less motion gets none', async () => {
  await emulate('prefers-reduced-motion', 'reduce')
  ;({ app } = await mountScene('answer-checking'))
  const moving = [...everyElement(app.renderRoot as ShadowRoot)].flatMap((element) => element.getAnimations())
  expect(moving).toEqual([])
  await emulate('prefers-reduced-motion', 'no-preference')
  const still = [...everyElement(app.renderRoot as ShadowRoot)].flatMap((element) => element.getAnimations())
  expect(still.length).toBeGreaterThan(0)
})
