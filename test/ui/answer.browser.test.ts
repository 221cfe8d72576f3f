import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { fault } from '../../src/domain/fault.ts'
import type { Answer } from '../../src/peer/view.ts'
import type { MootApp } from '../../src/ui/moot-app.ts'
import { answers, claimOf, rerunOf } from '../kits/fake-answers.ts'
import { cases } from '../kits/fake-cases.ts'
import { disputeOf } from '../kits/fake-disputes.ts'
import { checkedReceipt } from '../kits/fake-receipt.ts'
import { floats, photographs } from '../kits/fake-models.ts'
import type { FakeAsk, FakePeer } from '../kits/fake-peer.ts'
import { control, element, everyElement, focused, pageText, settled, until } from '../kits/page.ts'
import { mountScene } from '../kits/scenes.ts'

let app: MootApp
let peer: FakePeer
let ask: FakeAsk

beforeEach(async () => {
  localStorage.clear()
  ;({ app, peer } = await mountScene('answer-checking'))
  ask = peer.asks[0]!
})
afterEach(() => app.remove())

const becomes = async (change: Partial<Answer>) => {
  ask.change(change)
  await settled(app)
}

describe('an answer', () => {
  test.for([
    [
      answers.agreed,
      ['Agreed by 3 tabs drawn by lot', '3 keys · 3 CPU · independence not proven', 'drawn by lot from 14'],
    ],
    [answers.fewer, ['Agreed by 2 tabs; 3 were asked for', '2 of the 3 asked for (nobody else accepted)']],
    [answers.declined, ['No tab could run it', 'no kernel for GroupNorm']],
    [answers.rounding, ['Agreed within rounding', '(largest difference 0.00002, limit 0.0001)', '2 CPU, 1 GPU']],
    [answers.gpusOnly, ['Agreed by 3 GPUs; no CPU has checked']],
    [answers.contested, ['Contested: 2 answers', 'Answer A', 'Answer B', 'Every answer is kept']],
    [answers.oneTab, ['One tab said so', 'nobody checked it']],
    [answers.adaptive, ['it had been right 34 times in a row here', 'not checked this time (6 % of such answers are)']],
    [answers.disputed, ['Contested: 2 answers. Being run again', 'Step 3 of 4: one operator is run again']],
    [answers.settled, ['2 of 3 answers stand', 'Settled by arithmetic', 'Answer B did not stand', 'did not stand']],
    [
      answers.proven,
      ['Settled by re-running one operator (Conv 18)', 'in an attempt before: it showed an output other than'],
    ],
    [answers.unresolved, ["Unresolved: don't rely on this", '(no tab could run it on the reference engine)']],
    [answers.overturned, ['Overturned. The earlier answer did not stand', 'now: settled by re-running']],
    [answers.again, ['Agreed by 3 tabs drawn by lot', 'Asked again by itself:', 'vanished after committing']],
    [
      answers.lost,
      ['Lost: nobody answered', 'Nobody is left to answer (3 attempts). Ask again when another tab is here.'],
    ],
  ] as const)('says %o', async ([answer, words]) => {
    await becomes(answer)
    for (const each of words) expect(pageText()).toContain(each)
  })

  test('is told in one sentence while tabs fetch the model, and not at each step aloud', async () => {
    await becomes(answers.fetching)
    expect(pageText()).toContain('3 tabs are fetching (41 %).')
    const status = () =>
      [...everyElement()].filter((each) => each.matches('[role=status]')).map((each) => each.textContent)
    const said = status().join()
    const [first, ...others] = answers.fetching.executors
    await becomes({ executors: [{ ...first!, fraction: 0.8 }, ...others] })
    expect(pageText()).toContain('3 tabs are fetching (61 %).')
    expect(status().join()).toBe(said)
    await becomes(answers.checking)
    expect(pageText()).toContain('One tab is fetching (42 %).')
  })

  test('that arithmetic settled keeps the label that stands, and names whose claim did not', async () => {
    await becomes(answers.settled)
    expect(element('moot-assembly').shadowRoot!.textContent.trim()).toBe('7')
    const rows = element('tbody').textContent.replace(/\s+/g, ' ')
    expect(rows).toMatch(/A stands .*A stands .*B did not stand/)
  })

  test('leads to its dispute, and gives its evidence as a file', async () => {
    await becomes(answers.proven)
    const link = [...everyElement()].find((each) => each.textContent === 'See how it was settled')
    expect(link).toHaveProperty('hash', `#/r/commons/disputes/${answers.proven.job}`)
    const saved = vi.spyOn(URL, 'createObjectURL')
    peer.evidenceIs = new Uint8Array(3)
    control('Export evidence').click()
    await until(() => saved.mock.calls.length > 0)
    expect(saved.mock.calls[0]?.[0]).toHaveProperty('size', 3)
    saved.mockRestore()
  })

  test('is told step by step while it is run again, each once', async () => {
    const said: (string | null)[] = []
    const status = app.renderRoot.querySelector('moot-room')!.renderRoot.querySelector('p[role=status]')!
    const watch = new MutationObserver(() => said.push(status.textContent))
    watch.observe(status, { childList: true, characterData: true, subtree: true })
    for (const name of ['comparing', 'comparing', 'rerunning'] as const)
      await becomes({ ...answers.disputed, dispute: disputeOf(name) })
    await becomes(answers.proven)
    watch.disconnect()
    expect(said).toEqual([
      'Contested: 2 answers. Being run again. Step 2 of 4: their accounts differ and are compared',
      'Contested: 2 answers. Being run again. Step 3 of 4: one operator is run again',
      'Settled by re-running one operator (Conv 18). Step 4 of 4',
    ])
  })

  test('has a shape of its own for each state, and never colour alone', async () => {
    const shapes = new Set<string>()
    for (const answer of [
      answers.oneTab,
      answers.agreed,
      answers.rounding,
      answers.gpusOnly,
      answers.contested,
      answers.settled,
      answers.proven,
      answers.unresolved,
      answers.lost,
      answers.overturned,
    ]) {
      await becomes({ ...answer, phase: 'revealing' })
      shapes.add(element('h1 svg').innerHTML)
    }
    expect(shapes.size).toBe(10)
  })

  test('shows what each tab is doing while it is checked, and can be cancelled', async () => {
    expect(pageText()).toMatch(/has committed.*computing.*fetching the model 42 %/)
    control('Cancel').click()
    await settled(app)
    expect(element('h1').textContent).toContain('Cancelled')
    expect(element('moot-answer').shadowRoot!.querySelector('[role=alert]')).toBeNull()
  })

  test('is read out once it is decided', async () => {
    await becomes(answers.agreed)
    const said = [...app.renderRoot.querySelector('moot-room')!.renderRoot.querySelectorAll('[role=status]')]
    expect(said.map((each) => each.textContent)).toContain('Agreed by 3 tabs drawn by lot')
  })

  test('that nobody gave is asked again by hand', async () => {
    await becomes(answers.lost)
    control('Ask again').click()
    await until(() => location.hash === '#/r/commons/answer/2')
    expect(peer.asked[1]?.question).toEqual(peer.asked[0]?.question)
  })

  test('whose labels are the same and whose numbers differ says so', async () => {
    const claims = answers.contested.claims.map((claim) => ({ ...claim, outputs: claimOf('oak').outputs }))
    await becomes({ ...answers.contested, claims })
    expect(pageText()).toContain('The label is the same; the numbers differ beyond the rule. Every answer is kept.')
  })

  test('that is no number anywhere says so', async () => {
    const nowhere = {
      logits: floats(
        [1, 10],
        Array.from({ length: 10 }, () => Number.NaN),
      ),
    }
    await becomes({ ...answers.agreed, output: nowhere })
    expect(pageText()).toContain('“not a number” (NaN)')
  })

  test('says a near tie', async () => {
    await becomes({ ...answers.rounding, output: { logits: floats([1, 10], [5, 4.9999, 0, 0, 0, 0, 0, 0, 0, 0]) } })
    expect(pageText()).toContain('Near tie.')
  })

  test('gives its numbers as JSON', async () => {
    await becomes(answers.agreed)
    expect(element('pre').textContent).toContain('"logits":{"dtype":"float32","dims":[1,10],"data":[-4.1,')
  })

  test('shows what strangers wrote as text, and not all of it', async () => {
    const name = `<img src=x onerror="document.title='owned'">${'x'.repeat(200)}`
    await becomes({ ...answers.agreed, model: { ...photographs, manifest: { ...photographs.manifest, name } } })
    expect(pageText()).toContain('<img src=x')
    expect(pageText()).not.toContain('x'.repeat(100))
  })
})

describe('An answer before a jury', () => {
  test('is told by the jury, with the way to the case', async () => {
    await becomes({ ...answers.agreed, state: 'contested', case: cases.voting })
    expect(pageText()).toContain('Contested. Before a jury')
    expect(pageText()).toContain('Step 3 of 4: the jury reads and votes; votes are sealed. Follow the case')
    await becomes({ ...answers.agreed, state: 'ruled', case: cases.ruled })
    expect(pageText()).toContain('Settled by jury, 4 to 1')
    expect(pageText()).toContain('what was objected to does not stand')
    await becomes({ ...answers.agreed, state: 'ruled', case: cases.refuted })
    expect(pageText()).toContain('re-running MatMul 17 says it does')
    expect(pageText()).not.toContain('what was objected to does not stand')
  })

  test('is not contested once more', async () => {
    await becomes({ ...answers.contestable, case: cases.opening })
    expect([...everyElement()].some((each) => each.textContent?.trim() === 'Contest')).toBe(false)
  })
})

describe('Contest', () => {
  const names = () =>
    [...everyElement()].filter((each) => each.matches('button')).map((each) => each.textContent.trim())

  test('takes a note, by keyboard alone', async () => {
    await becomes(answers.contestable)
    expect(pageText()).toContain('Contest until 12:04')
    control('Contest').focus()
    await userEvent.keyboard('{Enter}')
    await until(() => focused()?.localName === 'input')
    await userEvent.keyboard('{Tab}A seven, not a one.{Tab}{Enter}')
    await until(() => peer.contested.length > 0)
    expect(peer.contested).toEqual([{ job: answers.contestable.job, note: 'A seven, not a one.' }])
    await until(() => !names().includes('Contest it'))
  })

  test('over what arithmetic cannot settle names the rule, wants a claim, and leads to the case', async () => {
    await becomes(answers.contestable)
    control('Contest').click()
    await until(() => names().includes('Contest it'))
    control('It was computed right, and is a bad answer').click()
    await until(() => pageText().includes('A jury decides, drawn by lot'))
    expect(pageText()).toContain('under First charter 1, rule 3.2')
    expect(pageText()).toContain('Whoever sits is shown what was asked and answered.')
    control('Contest it').click()
    await settled(app)
    expect(peer.governance.done).toEqual([])
    element<HTMLTextAreaElement>('#note').value = 'It has a foot: a one.'
    control('Contest it').click()
    await until(() => peer.governance.done.length > 0)
    expect(peer.governance.done).toEqual([['contest', answers.contestable.job, 'quality', 'It has a foot: a one.']])
    expect(peer.contested).toEqual([])
    await until(() => location.hash === `#/r/commons/case/${'aa'.repeat(32)}`)
  })

  test('that is refused says why', async () => {
    await becomes(answers.contestable)
    peer.contest = () => Promise.reject(fault({ code: 'CONTEST_REFUSED', why: 'the window has closed' }))
    control('Contest').click()
    await until(() => names().includes('Contest it'))
    control('Contest it').click()
    await until(() => pageText().includes('This answer cannot be contested: the window has closed.'))
  })

  test('is offered only while the window is open and nobody has', async () => {
    await becomes({ ...answers.contestable, contestUntil: new Date(Date.now() - 1) })
    expect(names()).not.toContain('Contest')
    expect(pageText()).not.toContain('Contest until')
    await becomes({ ...answers.contestable, contestUntil: new Date(Date.now() + 60_000) })
    expect(names()).toContain('Contest')
    await becomes({ ...answers.contestable, contestUntil: new Date(Date.now() + 100) })
    await until(() => !names().includes('Contest'))
    await becomes({ ...answers.contestable, dispute: disputeOf('asserting') })
    expect(names()).not.toContain('Contest')
  })
})

describe('Re-run it here', () => {
  test('says of each answer whether it stands', async () => {
    await becomes(answers.contested)
    peer.rerunsTo = rerunOf(checkedReceipt, answers.contested.claims)
    control('Re-run it here').click()
    await until(() => pageText().includes('2 of 3 answers stand'))
    expect(pageText()).toContain('wrong, cause unknown: fault or deceit')
  })

  test('that fails says why', async () => {
    await becomes(answers.agreed)
    peer.rerunsTo = new Error('the engine would not')
    control('Re-run it here').click()
    await until(() => pageText().includes('The engine could not run this: the engine would not.'))
  })
})

test('an answer of another visit is not made up', async () => {
  location.hash = '#/r/commons/answer/99'
  await until(() => pageText().includes('No such answer here'))
})

test('the history leads back to each answer, with what came of it', async () => {
  await becomes(answers.contested)
  location.hash = '#/r/commons/ask'
  await until(() => pageText().includes('Asked here'))
  await settled(app)
  expect(pageText()).toContain('7 ≠ 9')
  expect(element<HTMLAnchorElement>('ol a').hash).toBe('#/r/commons/answer/1')
})
