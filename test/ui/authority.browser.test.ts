import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { PANEL } from '../../src/domain/authority/report-shape.ts'
import { fault } from '../../src/domain/fault.ts'
import type { MootApp } from '../../src/ui/moot-app.ts'
import type { FakePeer } from '../kits/fake-peer.ts'
import { report, uncertainty } from '../kits/fake-report.ts'
import { control, element, everyElement, focused, pageText, settled, until } from '../kits/page.ts'
import { mountScene, type SceneName } from '../kits/scenes.ts'

let app: MootApp
let peer: FakePeer

const open = async (scene: SceneName) => {
  app?.remove()
  ;({ app, peer } = await mountScene(scene))
}
const reports = () => peer.governance.done.filter(([name]) => name === 'report').map(([, options]) => options)
const rows = () => [...everyElement()].filter((each) => each.localName === 'moot-measure-dot')
const rootOf = (name: string) => element(name).shadowRoot!

beforeEach(() => localStorage.clear())
afterEach(async () => {
  app.remove()
  vi.restoreAllMocks()
  await page.viewport(1024, 768)
})

describe('the page', () => {
  test('says it in one sentence first, and has no score', async () => {
    await open('authority')
    const heading = rootOf('moot-authority').querySelector('h1')!
    expect(heading.textContent).toBe(report.sentence)
    const others = [...everyElement()].filter((each) => each.matches('h2'))
    const largest = Math.max(...others.map((each) => parseFloat(getComputedStyle(each).fontSize)))
    expect(parseFloat(getComputedStyle(heading).fontSize)).toBeGreaterThan(largest)
    expect(pageText()).toContain('Chance alone predicts 5 to 7.')
    expect(pageText()).toContain('93 % of the heads I know of (13 of 14)')
    expect(pageText()).not.toMatch(/\b(true|cheat\w*|decentral\w+|trustless)\b/i)
  })

  test('has the focus on the sentence when one comes to it, and keeps it there as the report arrives', async () => {
    await open('authority')
    await until(() => focused()?.localName === 'h1')
    expect(focused()?.textContent).toBe(report.sentence)
  })

  test('shows all seven measures, each in a row that is read out whole and leads to its page', async () => {
    await open('authority')
    expect(rows()).toHaveLength(PANEL.length)
    const first = rows()[0]!.shadowRoot!
    expect(first.querySelector('svg[role="img"]')?.getAttribute('aria-label')).toContain(
      'Effective deciders: 4.2 of 14, from 138 seats. 95 % interval 3.1 to 5.4.',
    )
    first.querySelector('a')!.click()
    await until(() => pageText().includes('How it can be gamed'))
    expect(location.hash).toBe('#/r/commons/authority/effective-deciders')
    await until(() => focused()?.textContent === 'Effective deciders')
    expect(reports(), 'the report is kept').toHaveLength(1)
  })

  test('counts other decisions when asked to, and shows the last report until the next is there', async () => {
    await open('authority')
    control('last 40').click()
    await until(() => reports().length === 2)
    control('Everything held here').click()
    await until(() => reports().length === 3)
    expect(reports()).toEqual([
      { window: 200, scope: 'mine' },
      { window: 40, scope: 'mine' },
      { window: 40, scope: 'everything' },
    ])
    peer.governance.reportIs = fault({ code: 'MALFORMED', what: 'report', why: 'the records cannot be read' })
    control('all').click()
    await until(() => pageText().includes('the records cannot be read'))
    expect(pageText()).toContain(report.sentence)
  })

  test('says that records came in, and counts again only on a press', async () => {
    await open('authority-grown')
    expect(reports()).toHaveLength(1)
    peer.governance.reportIs = {
      ...report,
      sentence: 'You made all of them.',
      recipe: { ...report.recipe, root: '77'.repeat(32) },
    }
    control('Count again').click()
    await until(() => pageText().includes('You made all of them.'))
    expect(control('Up to date')).toHaveProperty('disabled', true)
  })

  test('waits for the records of the room before it counts', async () => {
    await open('ask-alone')
    peer.governance.reportIs = report
    peer.governance.uncertaintyIs = uncertainty
    peer.governance.change({ ready: false })
    location.hash = '#/r/commons/authority'
    await until(() => pageText().includes('Reading the records of this room'))
    expect(reports()).toEqual([])
    peer.governance.change({ ready: true })
    await until(() => pageText().includes(report.sentence))
  })

  test('of an empty room says what will appear', async () => {
    await open('authority-empty')
    expect(pageText()).toContain('What will appear here')
    expect(pageText()).toContain('Nothing here touches you yet')
    expect(rows()).toHaveLength(0)
  })

  test('of a young room says that it is too early to tell', async () => {
    await open('authority-young')
    expect(pageText()).toContain('Too few decisions (12) to tell drift from chance')
    expect(pageText()).toContain('Too few seats (5) to tell concentration from chance')
    expect([...everyElement()].filter((each) => each.matches('circle.dot, line.interval'))).toEqual([])
  })
})

describe('what a worker adds', () => {
  test.for([320, 390, 1280])('moves nothing when it comes, %d px wide', async (width) => {
    await page.viewport(width, 900)
    await open('authority-waiting')
    expect(pageText()).toContain('Chance alone: on its way.')
    const places = () =>
      [...everyElement()]
        .filter((each) => each.matches('h2, h3, .dot, .spark, section.card, .value strong'))
        .map((each) => {
          const { left, top, height } = each.getBoundingClientRect()
          return [Math.round(left), Math.round(top + scrollY), Math.round(height)]
        })
    const before = places()
    let came: ((doubts: typeof uncertainty) => void) | undefined
    peer.governance.uncertainty = () => new Promise((resolve) => (came = resolve))
    peer.governance.change({ ledger: { ...peer.governance.view.ledger, root: '77'.repeat(32) } })
    await settled(app)
    control('Count again').click()
    await until(() => reports().length === 2)
    await settled(app)
    expect(places()).toEqual(before)
    came?.(uncertainty)
    await until(() => pageText().includes('3.1 to 5.4'))
    await settled(app)
    expect([...everyElement()].filter((each) => each.matches('.chance, line.interval')).length).toBeGreaterThan(6)
    expect(places()).toEqual(before)
  })

  test('that does not come is said not to be known', async () => {
    await open('authority')
    peer.governance.uncertaintyIs = fault({ code: 'MALFORMED', what: 'worker', why: 'it ended' })
    control('last 40').click()
    await until(() => pageText().includes('Chance alone: not known here.'))
    expect(pageText()).toContain(report.sentence)
  })
})

describe('the routes', () => {
  test('are told apart by pattern and by word, and stand in a table too', async () => {
    await open('authority-table')
    const root = rootOf('moot-routes')
    const fills = new Set([...root.querySelectorAll('.columns rect')].map((each) => each.getAttribute('fill')))
    expect(fills.size).toBe(8)
    const drawings = [...root.querySelectorAll('pattern')].map((each) =>
      each.innerHTML.replace(/<!--.*?-->|style="[^"]*"/g, ''),
    )
    expect(new Set(drawings).size).toBe(8)
    expect(root.querySelector('.columns')?.getAttribute('aria-label')).toMatch(/^Decisions by route: agreement 40\s%/)
    const cells = [...root.querySelectorAll('.scroll td')].map((each) => Number(each.textContent))
    expect(cells.reduce((a, b) => a + b)).toBe(200)
  })
})

describe('the deciders', () => {
  const tab = (name: string) => control(name)
  const names = () => [...rootOf('moot-deciders').querySelectorAll('tbody th')].length

  test('are counted by key, tree or bloc, by arrow keys as well', async () => {
    await open('authority')
    expect(names()).toBe(14)
    tab('Key').focus()
    await userEvent.keyboard('{ArrowRight}')
    expect(focused()?.textContent.trim()).toBe('Introducer tree')
    expect(tab('Introducer tree').getAttribute('aria-selected')).toBe('true')
    expect(names()).toBe(5)
    expect(pageText()).toContain('and 4 others')
    await userEvent.keyboard('{ArrowRight}{ArrowRight}')
    expect(focused()?.textContent.trim()).toBe('Key')
  })

  test('have a line where half of it all is reached', async () => {
    await open('authority')
    const lines = [...rootOf('moot-deciders').querySelectorAll('tbody tr')]
    expect(lines.findIndex((each) => each.matches('.half'))).toBe(2)
    expect(pageText()).toContain('the first 3 of 14')
  })

  test('of thousands are listed as far as one reads', async () => {
    await open('authority-strange')
    expect(names()).toBeLessThan(20)
    expect(pageText()).toContain('384 more have less.')
  })
})

describe('a measure', () => {
  test('says what it is, how it is gamed, and its value at three collapses', async () => {
    await open('measure')
    expect(pageText()).toContain('Every vote that a ruling or an amendment took is a seat.')
    expect(pageText()).toContain('Split one person into many keys')
    expect(pageText()).toMatch(/Introducer tree .* 4\.2 .*the smallest: it is the headline/)
    expect(pageText()).toContain(report.recipe.code)
    control('Show 24 more of 60').click()
    await until(() => pageText().includes('Show 12 more of 60'))
    expect(pageText()).toContain('78 more are not named here.')
  })

  test('opens each entry that it was computed from, as text', async () => {
    await open('measure-entry')
    expect(peer.governance.done.at(-1)).toEqual(['entry', '1003'.repeat(16)])
    const said = rootOf('moot-entries').querySelector('pre')!
    expect(said.textContent).toContain('<b>Look</b>')
    expect(said.querySelector('b')).toBeNull()
    peer.governance.entryIs = undefined
    control('13d413d4…13d4').click()
    await until(() => pageText().includes('It is not held here any more.'))
  })

  test('goes back to all of them, where nothing is counted anew', async () => {
    await open('measure')
    rootOf('moot-authority').querySelector<HTMLElement>('a.back')!.click()
    await until(() => pageText().includes('Seven measures, side by side'))
    expect(reports()).toHaveLength(1)
  })

  test('without a value says why', async () => {
    await open('measure-none')
    expect(pageText()).toContain('Too few proposals (4) to tell concentration from chance')
    expect(pageText()).toContain('No entries.')
  })
})

describe('the recipe', () => {
  test('is run again here, and comes out equal or says what differs', async () => {
    await open('authority')
    control('Recompute').click()
    await until(() => pageText().includes('Equal to the byte: abababab…abab in 12 ms'))
    expect(peer.governance.done.at(-1)).toEqual(['recompute', report])
    peer.governance.recomputesTo = { equal: false, ms: 15, digest: 'cd'.repeat(32) }
    control('Recompute').click()
    await until(() => pageText().includes('Not equal: running it again gave cdcdcdcd…cdcd in 15 ms.'))
  })

  test.for(['JSON', 'CSV'] as const)('is exported as %s, with what it was computed from', async (kind) => {
    await open('authority')
    const saved: Blob[] = []
    vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      saved.push(blob as Blob)
      return 'data:,'
    })
    let name = ''
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      name = this.download
    })
    control(`Export ${kind}`).click()
    expect(name).toBe(`authority-commons-3f9a61c0.${kind.toLowerCase()}`)
    expect(await saved[0]?.text()).toContain(report.recipe.root)
  })

  test('tells of what is held and not counted, cut to a length', async () => {
    await open('authority')
    expect(pageText()).toContain('12 entries: their log forked before them')
    await open('authority-strange')
    expect(pageText()).not.toContain('y'.repeat(170))
    expect([...rootOf('moot-recipe').querySelectorAll('section li')].length).toBeLessThan(20)
    expect(rootOf('moot-recipe').querySelector('li i')).toBeNull()
  })
})

test('on a phone the other places open above the bar, and close once one is there', async () => {
  await page.viewport(320, 640)
  await open('authority')
  const receipts = () =>
    [...element('#more').querySelectorAll('a')].find((each) => each.textContent.includes('Receipts'))!
  expect(receipts().getClientRects()).toHaveLength(0)
  control('More').click()
  const { bottom, left, right } = receipts().getBoundingClientRect()
  expect(bottom).toBeLessThanOrEqual(element('nav').getBoundingClientRect().top)
  expect([left >= 0, right <= 320]).toEqual([true, true])
  receipts().click()
  await until(() => location.hash.endsWith('/verify') && receipts().getClientRects().length === 0)
})
