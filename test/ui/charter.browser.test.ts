import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fault } from '../../src/domain/fault.ts'
import type { Charter } from '../../src/domain/charter/charter.ts'
import { cidOf, FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { CLAUSES } from '../../src/domain/charter/clauses.ts'
import type { MootApp, Rejoining } from '../../src/ui/moot-app.ts'
import { defaults, first, harbour, previewOf, HARBOUR, proposal } from '../kits/fake-charters.ts'
import { idOf, type FakePeer } from '../kits/fake-peer.ts'
import { control, element, everyElement, focused, pageText, settled, until } from '../kits/page.ts'
import { mountScene, type SceneName } from '../kits/scenes.ts'

let app: MootApp
let peer: FakePeer
let rejoins: Rejoining[]

/** The app leaves and joins again at this word: here it is only heard. */
const open = async (scene: SceneName) => {
  app?.remove()
  ;({ app, peer } = await mountScene(scene))
  rejoins = []
  app.renderRoot.querySelector('moot-room')!.addEventListener(
    'moot-rejoin',
    (event) => {
      event.stopImmediatePropagation()
      rejoins.push(event.detail)
    },
    { capture: true },
  )
}
const names = () =>
  [...everyElement()].filter((each) => each.matches('button, a')).map((each) => each.textContent.trim())
const done = (name: string) => peer.governance.done.filter(([method]) => method === name).map(([, ...args]) => args)
const write = async (selector: string, text: string, event = 'input') => {
  const field = element<HTMLInputElement>(selector)
  field.value = text
  field.dispatchEvent(new Event(event))
  await settled(app)
}

beforeEach(() => localStorage.clear())
afterEach(() => app.remove())

describe('the charter', () => {
  test('is shown rule by rule, numbered, with who can change it', async () => {
    await open('charter')
    for (const { name } of CLAUSES) expect(pageText()).toContain(name)
    expect([...element('moot-charter').shadowRoot!.querySelectorAll('.clauses dt')].length).toBe(CLAUSES.length)
    expect(pageText()).toContain('3.2 Majority')
    expect(pageText()).toContain('A side wins with more than half of the seats.')
    expect(pageText()).toContain('binds only those who sign')
    expect(pageText()).toContain('2 after reading what it changes, 6 with a click.')
    expect(pageText()).toContain('yes: a new tab goes by it, because whoever builds the app chose so')
    expect(pageText()).toContain('No key signs as its author')
  })

  test('has beside it all others that are known here, and what strangers called them is text', async () => {
    await open('charter')
    expect(pageText()).toContain('<b>The</b> one charter')
    expect(element('moot-charter').shadowRoot!.querySelector('b')).toBeNull()
    expect(names().filter((name) => name.includes('Compare')).length).toBe(2)
  })

  test('that is not here yet says so, on every screen', async () => {
    await open('charter-unknown')
    expect(pageText()).toContain('You look on: this room goes by a charter that you have not signed.')
    expect(pageText()).toContain('Its text is not here yet; it comes from whoever holds it.')
    expect(pageText()).toContain('The text of this charter is not here yet.')
  })

  test('is left with a signature, after one more question, and the room with it', async () => {
    await open('charter')
    let left = false
    app.renderRoot.querySelector('moot-room')!.addEventListener('moot-leave', () => (left = true), { capture: true })
    control('Leave this charter').click()
    await settled(app)
    expect(done('exit')).toEqual([])
    control('Stay').click()
    await settled(app)
    control('Leave this charter').click()
    await settled(app)
    control('Sign that I leave it').click()
    await until(() => left)
    expect(done('exit')).toEqual([[]])
  })

  test('invites whom it names as an author', async () => {
    await open('charter-diff')
    expect(names()).toContain('Sign as an author')
    control('Sign as an author').click()
    await until(() => rejoins.length > 0)
    expect(done('sign')).toEqual([[harbour.id, 'authored']])
    expect(rejoins).toEqual([{ charter: harbour.id, grade: 'authored' }])
  })
})

describe('another charter', () => {
  test('is compared with the one in force, and signed as read', async () => {
    await open('charter-diff')
    expect(pageText()).toContain('before: half')
    expect(pageText()).toContain('after: two thirds')
    expect(pageText()).toContain('More seats must agree before anything is decided.')
    expect(pageText()).toContain('2 of the 6 peers of your trust')
    control('Sign it and go by it').click()
    await until(() => rejoins.length > 0)
    expect(done('sign')).toEqual([[harbour.id, 'signed-after-diff']])
    expect(rejoins).toEqual([{ charter: harbour.id, grade: 'signed-after-diff' }])
  })

  test('whose difference could not be shown is signed with a click', async () => {
    await open('charter')
    peer.governance.compare = () =>
      Promise.reject(fault({ code: 'MALFORMED', what: 'charter', why: 'its parent is not here' }))
    location.hash = `#/r/commons/charter/${harbour.id}`
    await until(() => pageText().includes('its parent is not here'))
    control('Sign it and go by it').click()
    await until(() => rejoins.length > 0)
    expect(done('sign')).toEqual([[harbour.id, 'clicked']])
  })

  test('is compared with any other that is known', async () => {
    await open('charter-diff')
    const choice = element<HTMLSelectElement>('#than')
    expect([...choice.options].map((option) => option.value)).toContain(first.id)
    choice.value = choice.options[1]!.value
    choice.dispatchEvent(new Event('change'))
    await until(() => location.hash === `#/r/commons/charter/${harbour.id}/${choice.options[1]!.value}`)
  })

  test('says what whoever signs it must be told', async () => {
    await open('charter-strange')
    for (const label of [
      'On a jury of 1, one vote can decide.',
      'whoever makes keys makes jurors',
      'It drops what the charter that it comes from entrenched',
    ])
      expect(pageText()).toContain(label)
  })
})

describe('an amendment', () => {
  test('is counted in three ways, each with what it is out of', async () => {
    await open('charter')
    expect(pageText()).toContain('5 of 9 signed, 6 needed')
    expect(pageText()).toContain('2.4 of 3 signed, 2 needed')
    expect(pageText()).toContain('34 % signed, 67 % needed')
    expect(pageText()).toContain('it binds only those who sign')
  })

  test('is signed with a click, or in the ballot once what it changes was opened', async () => {
    await open('charter')
    expect(pageText()).toContain('You have not opened what it changes')
    control('Sign it').click()
    await until(() => rejoins.length === 1)
    element<HTMLDetailsElement>('details').open = true
    await until(() => pageText().includes('Your signature decides with the others'))
    control('Sign it').click()
    await until(() => rejoins.length === 2)
    expect(done('sign')).toEqual([
      [harbour.id, 'clicked'],
      [harbour.id, 'ballot'],
    ])
  })

  test('that seeks sponsors is sponsored, and not by who proposed it', async () => {
    await open('charter')
    peer.governance.change({ proposals: [{ ...proposal, phase: 'proposed', sponsors: [] }] })
    await settled(app)
    expect(pageText()).toContain('Seeks sponsors: 0 of 3')
    expect(names()).not.toContain('Sign it')
    control('Sponsor it').click()
    await until(() => done('sponsor').length > 0)
    expect(done('sponsor')).toEqual([[proposal.id]])
    peer.governance.change({ proposals: [{ ...proposal, phase: 'proposed', proposer: idOf('me') }] })
    await settled(app)
    expect(names()).not.toContain('Sponsor it')
  })

  test('that was signed here says so', async () => {
    await open('charter')
    peer.governance.change({ proposals: [{ ...proposal, mySignature: true }] })
    await settled(app)
    expect(pageText()).toContain('You signed it.')
    expect(names()).not.toContain('Sign it')
  })

  test('is proposed with a reason, once what it changes was shown', async () => {
    await open('amend')
    expect(names()).not.toContain('Propose it')
    await write('#jury-threshold', '66.7')
    await write('#verification-replication', '5')
    expect(pageText()).toContain('A side wins with more than two thirds of the seats.')
    control('See what it changes').click()
    await until(() => names().includes('Propose it'))
    await until(() => focused()?.textContent === 'What it changes')
    expect((control('Propose it') as HTMLButtonElement).disabled).toBe(true)
    await write('#reason', 'Three seats are one family.')
    control('Propose it').click()
    await until(() => pageText().includes('It is proposed.'))
    const [charter, reason] = done('propose')[0] as [Charter, string]
    expect(reason).toBe('Three seats are one family.')
    expect(charter).toEqual({
      ...FIRST_CHARTER,
      version: 2,
      parents: [cidOf(FIRST_CHARTER)],
      verification: { ...FIRST_CHARTER.verification, replication: 5 },
      jury: { ...FIRST_CHARTER.jury, threshold: 2 / 3 },
    })
    expect(rejoins).toEqual([])
  })

  test('is looked at again after any change of it', async () => {
    await open('amend-proposal')
    await write('#jury-quorum', '80')
    expect(names()).not.toContain('Propose it')
  })

  test('that cannot be read is not looked at', async () => {
    await open('amend-wrong')
    expect((control('See what it changes') as HTMLButtonElement).disabled).toBe(true)
    await write('#jury-sizes', '5, 11')
    expect((control('See what it changes') as HTMLButtonElement).disabled).toBe(false)
  })

  test('that no charter may be is refused in words', async () => {
    await open('amend')
    peer.governance.previewIs = fault({ code: 'MALFORMED', what: 'charter', why: 'jury.sizes: must be odd' })
    await write('#jury-sizes', '4')
    control('See what it changes').click()
    await until(() => pageText().includes('jury.sizes: must be odd'))
    expect(names()).not.toContain('Propose it')
  })
})

describe('a fork', () => {
  test('is one action after what one keeps was shown, and joins again under it', async () => {
    await open('amend-fork')
    for (const kept of ['2 of the 6 peers', '1 of the 3 peers', '412 records', '1 open case of yours ends'])
      expect(pageText()).toContain(kept)
    control('Fork: sign it and go by it').click()
    await until(() => rejoins.length > 0)
    const [charter] = done('fork')[0] as [Charter]
    expect(charter).toMatchObject({ title: 'Harbour charter', version: 2, authors: [idOf('me')] })
    expect(rejoins).toEqual([{ charter: cidOf(charter), grade: 'authored' }])
  })

  test('invites others as authors', async () => {
    await open('amend-fork')
    const [box] = element('moot-amend').shadowRoot!.querySelectorAll<HTMLInputElement>('.invited input')
    box!.click()
    await settled(app)
    expect(names()).not.toContain('Fork: sign it and go by it')
    control('See what it changes').click()
    await until(() => names().includes('Fork: sign it and go by it'))
    control('Fork: sign it and go by it').click()
    await until(() => rejoins.length > 0)
    expect((done('fork')[0] as [Charter])[0].authors).toEqual([idOf('me'), idOf('oak')])
  })

  test('that changes nothing cannot be signed', async () => {
    await open('amend')
    peer.governance.previewIs = { ...previewOf(HARBOUR), differences: [] }
    control('Fork, for myself').click()
    await settled(app)
    control('See what it changes').click()
    await until(() => pageText().includes('They say the same, rule by rule.'))
    expect((control('Fork: sign it and go by it') as HTMLButtonElement).disabled).toBe(true)
  })
})

describe('the defaults', () => {
  test('begin with who ships and connects, and say who set each and for whom it holds', async () => {
    await open('defaults')
    const headings = [...element('moot-defaults').shadowRoot!.querySelectorAll('h2')].map((each) => each.textContent)
    expect(headings[0]).toBe('Who ships and connects')
    expect(new Set(headings).size).toBe(headings.length)
    expect(pageText()).toContain('Relays through which tabs find each other')
    expect(pageText()).toContain('Set by whoever serves the page, in the code')
    expect(pageText()).toContain('in First charter 1, rule 3.2')
    expect(pageText()).toContain('64 % of 14 keys run it unchanged; 29 % kept it after seeing the alternatives.')
    expect(pageText()).toContain('You run: a relay of my own')
  })

  test('are kept only after the alternatives were shown', async () => {
    await open('defaults')
    const keep = () => control('Keep it') as HTMLButtonElement
    expect(keep().disabled).toBe(true)
    element<HTMLDetailsElement>('details').open = true
    await until(() => !keep().disabled)
    keep().click()
    await until(() => done('affirm').length > 0)
    expect(done('affirm')).toEqual([[defaults[0]!.key]])
  })

  test('are told otherwise by who runs another', async () => {
    await open('defaults-open')
    const form = element<HTMLFormElement>('form.other')
    form.querySelector('input')!.value = ' /dns4/kitchen '
    form.requestSubmit()
    await until(() => done('setDefault').length > 0)
    expect(done('setDefault')).toEqual([[defaults[0]!.key, '/dns4/kitchen']])
  })
})

test('nothing on these screens blames or promises', async () => {
  for (const scene of ['charter', 'charter-strange', 'amend-fork', 'defaults'] as const) {
    await open(scene)
    expect(pageText()).not.toMatch(/\b(cheat\w*|trustless|liar|guaranteed)\b/i)
  }
})
