import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fault } from '../../src/domain/fault.ts'
import { nicknameOf } from '../../src/domain/nickname.ts'
import type { CaseView } from '../../src/peer/governance-view.ts'
import type { MootApp } from '../../src/ui/moot-app.ts'
import { caseOf } from '../kits/fake-cases.ts'
import { idOf, type FakePeer } from '../kits/fake-peer.ts'
import { control, element, everyElement, focused, pageText, settled, until } from '../kits/page.ts'
import { mountScene, type SceneName } from '../kits/scenes.ts'

let app: MootApp
let peer: FakePeer

const open = async (scene: SceneName) => {
  app?.remove()
  ;({ app, peer } = await mountScene(scene))
}
const becomes = async (...cases: readonly CaseView[]) => {
  peer.governance.change({ cases })
  await settled(app)
}
const names = () =>
  [...everyElement()].filter((each) => each.matches('button, a')).map((each) => each.textContent.trim())
const done = (name: string) => peer.governance.done.filter(([method]) => method === name).map(([, ...args]) => args)
beforeEach(() => localStorage.clear())
afterEach(() => app.remove())

describe('the list', () => {
  test('has cases and disputes together, open ones first, and leads to each', async () => {
    await open('cases')
    const rows = [...element('moot-disputes').shadowRoot!.querySelectorAll('ol li')].map((row) => row.textContent)
    expect(rows.length).toBe(13)
    const open_ = rows.map((row) => /Step \d of \d/.test(row))
    expect(open_.indexOf(false)).toBe(open_.lastIndexOf(true) + 1)
    expect(element('nav').textContent.replace(/\s+/g, ' ')).toContain('Disputes 5 open')
    element('moot-disputes').shadowRoot!.querySelector<HTMLElement>('li a')!.click()
    await until(() => pageText().includes('All disputes'))
    expect(location.hash).toMatch(/^#\/r\/commons\/case\/[0-9a-f]{64}$/)
    await until(() => focused()?.localName === 'h1')
  })

  test('begins with what a jury waits for', async () => {
    await open('cases')
    expect(names()).toContain('Serve on the jury')
    expect(names()).toContain('Read and vote')
  })
})

test('who was drawn is told on every screen, until they are there', async () => {
  await open('room-summoned')
  expect(pageText()).toContain('You were drawn by lot for a jury')
  const link = [...everyElement()].find((each) => each.textContent === 'Go to the case') as HTMLElement
  link.click()
  await until(() => pageText().includes('Not this time'))
  expect(names()).not.toContain('Go to the case')
})

describe('a case', () => {
  test.for([
    ['opening', ['Step 1 of 4', 'Nobody has been drawn yet.', 'I drew a one with a foot']],
    ['revealing', ['Step 4 of 4', '1 of 3 votes are shown', 'has voted; the vote is sealed']],
    [
      'ruled',
      [
        'Settled by jury, 4 to 1',
        'By First charter 1, rule 3.2 (majority).',
        'Who does not agree',
        '<b>Nobody</b> reads ones',
        'the next step is a fork',
        'After one appeal.',
        '1 had not signed it',
      ],
    ],
    ['refuted', ['re-running MatMul 17 says it does', 'a fact that any tab can repeat', 'both stay']],
    ['unresolved', ["Unresolved: don't rely on this", 'too few of the jury voted']],
    ['strangers', ['these two share no court', "Of the asker's trust 4 %"]],
    ['forfeited', ['held it back, and may not appeal', 'You may not appeal: your link for this level']],
    ['refused', ['Not before a jury']],
  ] as const)('%s is told in words', async ([name, words]) => {
    await open(`case-${name}`)
    for (const each of words) expect(pageText()).toContain(each)
    expect(pageText()).not.toMatch(/\b(true|false|cheat\w*|trustless|liar|guaranteed)\b/i)
    expect(element('moot-case').shadowRoot!.querySelector('b')).toBeNull()
  })

  test('shows each seat by the shape of its stone as well as in words', async () => {
    await open('case-voting')
    const stones = [...element('moot-case').shadowRoot!.querySelectorAll('.seats li > svg path')].map((path) => {
      const { fill, strokeDasharray } = getComputedStyle(path)
      return [fill === 'none', strokeDasharray === 'none'].join()
    })
    expect(stones).toEqual(['true,true', 'false,true', 'true,false', 'true,false'])
  })

  test('whose evidence no party shows says so, and may be asked for again', async () => {
    await open('case-unreachable')
    expect(pageText()).toContain('No way to reach the parties: none of them is here.')
    peer.governance.caseFileIs = fault({ code: 'UNREACHABLE', peer: 'the parties', why: 'they left' })
    control('Ask for it again').click()
    await until(() => pageText().includes('they left'))
  })

  test('asks the parties for nothing until a bystander wants it', async () => {
    await open('case-unresolved')
    expect(pageText()).not.toContain('Answer A')
    control('Ask for the evidence').click()
    await until(() => pageText().includes('Answer A by'))
    expect(pageText()).toContain('No party shows this output; its hash remains.')
  })

  test('is appealed by a party', async () => {
    await open('case-appealable')
    expect(pageText()).toContain('a larger jury, of 5, would be drawn')
    control('Appeal').click()
    await until(() => done('appeal').length > 0)
    expect(done('appeal')).toEqual([[caseOf('appealable').id]])
  })

  test('keeps who does not agree', async () => {
    await open('case-dissent')
    expect(focused()?.localName).toBe('textarea')
    element<HTMLTextAreaElement>('#note').value = ' It has a foot. '
    control('Sign the dissent').click()
    await until(() => done('dissent').length > 0)
    expect(done('dissent')).toEqual([[caseOf('ruled').id, 'It has a foot.']])
    await until(() => !names().includes('Sign the dissent'))
  })

  test('that is not known here says so', async () => {
    await open('case-unknown')
    expect(pageText()).toContain('No such case here')
  })
})

describe('a juror', () => {
  test('says first whether it serves, and sees nothing of what was asked before', async () => {
    await open('case-summoned')
    expect(pageText()).toContain('within 10 minutes')
    expect(pageText()).not.toContain('The evidence')
    control('Serve on the jury').click()
    await until(() => done('serve').length > 0)
    expect(done('serve')).toEqual([[caseOf('summoned').id, true]])
  })

  test('may say no, which costs nothing', async () => {
    await open('case-summoned')
    expect(pageText()).toContain('You may say no, which costs nothing')
    control('Not this time').click()
    await until(() => done('serve').length > 0)
    expect(done('serve')).toEqual([[caseOf('summoned').id, false]])
  })

  test('votes once it has read, chosen and said why; nothing is chosen beforehand', async () => {
    await open('case-voting')
    const seal = () => control('Seal my vote') as HTMLButtonElement
    const choices = ['The objection holds', 'The objection does not hold'].map((name) => control(name))
    expect(choices.map((choice) => (choice as HTMLInputElement).checked)).toEqual([false, false])
    expect(pageText()).toContain('A losing vote costs nothing.')
    expect(pageText()).toContain('A moment to read')
    choices[1]!.click()
    await settled(app)
    expect(seal().disabled).toBe(true)

    app.remove()
    await open('case-voting')
    // As after the pause for reading.
    ;(element('moot-case') as HTMLElement & { shownAt: Date | undefined }).shownAt = new Date(0)
    await settled(app)
    expect(pageText()).toContain('Nothing is chosen yet.')
    control('The objection does not hold').click()
    await settled(app)
    expect(pageText()).toContain('A few words on why are missing.')
    expect(seal().disabled).toBe(true)
    const reason = element<HTMLTextAreaElement>('#reason')
    reason.value = ' Computed as asked. '
    reason.dispatchEvent(new Event('input'))
    await settled(app)
    seal().click()
    await until(() => done('vote').length > 0)
    expect(done('vote')).toEqual([[caseOf('voting').id, 'dismiss', 'Computed as asked.']])
  })

  test('cannot vote while the evidence is not there', async () => {
    await open('case-voting')
    peer.governance.caseFileIs = new Error('not yet')
    await becomes({ ...caseOf('voting'), id: 'c1'.repeat(32) })
    location.hash = `#/r/commons/case/${'c1'.repeat(32)}`
    await until(() => pageText().includes('Ask for it again'))
    expect((control('Seal my vote') as HTMLButtonElement).disabled).toBe(true)
  })

  test('is not asked twice', async () => {
    await open('case-voting')
    await becomes({ ...caseOf('voting'), asks: [] })
    expect(names()).not.toContain('Seal my vote')
    expect(pageText()).toContain(nicknameOf(idOf('yew')))
  })
})
