import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { nicknameOf } from '../../src/domain/nickname.ts'
import { fault } from '../../src/domain/fault.ts'
import { recall } from '../../src/ui/join-memory.ts'
import type { MootApp } from '../../src/ui/moot-app.ts'
import { answers, rerunOf } from '../kits/fake-answers.ts'
import { cleanDiagnosis, diagnosis, disputeOf, evidenceAltered, evidenceHolds } from '../kits/fake-disputes.ts'
import { photographs } from '../kits/fake-models.ts'
import { agreedReceipt, checkedReceipt } from '../kits/fake-receipt.ts'
import { idOf, peerOf, type FakePeer } from '../kits/fake-peer.ts'
import { control, element, everyElement, focused, pageText, settled, until } from '../kits/page.ts'
import { EVIDENCE, mountScene } from '../kits/scenes.ts'

let app: MootApp
let peer: FakePeer

const open = async (scene: 'peers' | 'device' | 'verify' | 'ask-alone') => {
  localStorage.clear()
  ;({ app, peer } = await mountScene(scene))
}
afterEach(() => app.remove())

describe('Pause', () => {
  beforeEach(() => open('ask-alone'))

  test('is at hand on every screen, and says so once pressed', async () => {
    for (const screen of ['ask', 'models', 'peers', 'disputes', 'device', 'verify']) {
      location.hash = `#/r/commons/${screen}`
      await until(() => [...everyElement()].some((each) => each.matches(`main > moot-${screen}`)))
      expect(control('Pause')).toBeInstanceOf(HTMLButtonElement)
    }
    control('Pause').click()
    await settled(app)
    expect(peer.configured).toEqual([{ paused: true }])
    expect(pageText()).toContain('Paused: this tab runs no jobs')
    control('Resume').click()
    expect(peer.configured).toEqual([{ paused: true }, { paused: false }])
  })
})

describe('the relay', () => {
  const gone = [{ address: '/ip4/127.0.0.1/tcp/1', connected: false }]
  beforeEach(() => open('peers'))

  test('that is gone keeps newcomers out, and the room is told', async () => {
    peer.change({ relays: gone })
    await settled(app)
    expect(pageText()).toContain('Relay gone: nobody new can join until it is back. 6 connected tabs stay.')
  })

  test('that cannot be reached at all is said otherwise', async () => {
    peer.change({ relays: gone, peers: [] })
    await settled(app)
    expect(pageText()).toContain("Can't reach the relay. 0 connected tabs stay.")
  })
})

test('who is offline is told what still works', async () => {
  await open('ask-alone')
  const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  dispatchEvent(new Event('offline'))
  await settled(app)
  expect(pageText()).toContain('Offline. Saved models still run; answers will say one tab.')
  peer.change({ peers: [peerOf('oak'), peerOf('ash'), peerOf('elm', { path: 'relay' })] })
  await settled(app)
  expect(pageText()).toContain('Offline. The 2 connected tabs still answer; saved models still run.')
  online.mockRestore()
  dispatchEvent(new Event('online'))
  await settled(app)
  expect(pageText()).not.toContain('Offline.')
})

describe('Peers', () => {
  beforeEach(() => open('peers'))

  test('are listed with their path, engine, speed and load', () => {
    const rows = element('tbody').textContent.replace(/\s+/g, ' ')
    expect(rows).toContain(`${nicknameOf(idOf('yew'))} relay CPU`)
    expect(rows).toMatch(/direct GPU apple metal-3.*1.3 ms/)
  })

  test('without a direct path are named', () => {
    expect(pageText()).toContain(`No direct path to ${nicknameOf(idOf('yew'))}. Using the relay.`)
  })

  test('can be blocked, and let back in', async () => {
    const name = nicknameOf(idOf('oak'))
    control(`Block ${name}`).click()
    await settled(app)
    expect(peer.view.peers[0]?.blocked).toBe(true)
    control(`Unblock ${name}`).click()
    expect(peer.view.peers[0]?.blocked).toBe(false)
  })

  test('have what they decided told in a line', () => {
    expect(pageText()).toContain('answered, drawn from 4: contested')
  })

  test('that lost a dispute which was settled here are told so, and by no word of others', async () => {
    const said = () => element('tbody').textContent.replace(/\s+/g, ' ')
    peer.change({ disputes: [disputeOf('heard')] })
    await settled(app)
    expect(said()).not.toContain('did not stand')
    peer.change({ disputes: [disputeOf('settled')] })
    await settled(app)
    expect(said()).toContain(`${nicknameOf(idOf('elm'))}did not stand in a dispute`)
  })

  test('have an answer contested that this tab took part in, and no other', async () => {
    const offers = () => [...everyElement()].filter((each) => each.textContent?.trim() === 'Contest')
    expect(offers().filter((each) => each.matches('button')).length).toBe(1)
    control('Contest').click()
    await settled(app)
    control('Contest it').click()
    await until(() => peer.contested.length > 0)
    expect(peer.contested).toEqual([{ job: '0c'.repeat(32), note: '' }])
  })
})

describe('Who vouches for whom', () => {
  beforeEach(async () => {
    localStorage.clear()
    ;({ app, peer } = await mountScene('peers-trust'))
  })

  test('is told with what vouching says, how far trust reaches, and by which tree', () => {
    expect(pageText()).toContain('Vouching says you know whose key it is; it is public and signed.')
    expect(pageText()).toContain('34 % of your trust')
    expect(pageText()).toContain('under 1 % of your trust')
    expect(pageText()).toContain(`let in by ${nicknameOf(idOf('oak'))}`)
    expect(pageText()).toContain('5 keys in all')
  })

  test('is said, and taken back, by hand', async () => {
    control(`Vouch for ${nicknameOf(idOf('yew'))}`).click()
    await until(() => peer.governance.done.length === 1)
    await settled(app)
    control(`Take back your vouch for ${nicknameOf(idOf('oak'))}`).click()
    await until(() => peer.governance.done.length === 2)
    expect(peer.governance.done).toEqual([
      ['vouch', idOf('yew'), true],
      ['vouch', idOf('oak'), false],
    ])
  })
})

describe('Records', () => {
  beforeEach(async () => {
    localStorage.clear()
    ;({ app, peer } = await mountScene('device-forked'))
  })

  test('are counted with what they are out of, and a fork is told without blame', () => {
    expect(pageText()).toContain('412 signed records are held here')
    expect(pageText()).toContain('13 of the 14 logs')
    expect(pageText()).toContain('This log forked, cause unknown')
    expect(pageText()).toContain(`The log of ${nicknameOf(idOf('bay'))} forked at record 12, cause unknown.`)
  })

  test('are saved as one file, and added from one', async () => {
    const saved = vi.spyOn(URL, 'createObjectURL')
    control('Export the records').click()
    await until(() => saved.mock.calls.length > 0)
    expect(saved.mock.calls[0]?.[0]).toHaveProperty('size', 3)
    saved.mockRestore()
    const files = new DataTransfer()
    files.items.add(new File([new Uint8Array(5)], 'records.moot'))
    const field = element<HTMLInputElement>('input[type=file]')
    field.files = files.files
    field.dispatchEvent(new Event('change'))
    await until(() => pageText().includes('Nothing in it was new here.'))
    expect(peer.governance.done).toEqual([['importLedger', new Uint8Array(5)]])
  })

  test('that are no records are refused in words', async () => {
    peer.governance.importLedger = () =>
      Promise.reject(fault({ code: 'MALFORMED', what: 'file of records', why: 'it is not dag-cbor' }))
    const files = new DataTransfer()
    files.items.add(new File([new Uint8Array(5)], 'records.moot'))
    const field = element<HTMLInputElement>('input[type=file]')
    field.files = files.files
    field.dispatchEvent(new Event('change'))
    await until(() => pageText().includes('it is not dag-cbor'))
  })
})

describe('My device', () => {
  beforeEach(() => open('device'))

  test('tells what it gave, and a planted fault', () => {
    expect(pageText()).toContain('17 % of the last minute')
    expect(pageText()).toContain('A fault is planted in this tab for a rehearsal: scale=1.01.')
  })

  test('says in words why this device computes nothing', async () => {
    peer.changeDevice({ fault: { code: 'ENGINE_UNAVAILABLE', engine: 'cpu', why: 'no WebAssembly' } })
    await settled(app)
    expect(pageText()).toContain('The cpu engine cannot be used here: no WebAssembly.')
    expect(pageText()).toContain('runs no job')
  })

  test('takes another budget', () => {
    control('10 %').click()
    expect(peer.configured).toEqual([{ duty: 0.1 }])
    expect(recall().duty).toBe(0.1)
  })

  test('lets others have models only so fast, and keeps as many as there is room for', async () => {
    expect(pageText()).toContain('77 MiB sent since this tab opened.')
    expect(pageText()).toContain('This browser lets this site use 11.5 GiB, of which 39 MiB are in use.')
    control('1 MiB/s').click()
    control('1 GiB').click()
    expect(peer.configured).toEqual([{ uploadBytesPerSecond: 1024 ** 2 }, { cacheBytes: 1024 ** 3 }])
    await settled(app)
    expect(pageText()).toContain('It may clear this when the device runs low')
    peer.changeDevice({ storage: { quota: 1024 ** 3, used: 0, persistent: true } })
    await settled(app)
    expect(pageText()).toContain('It has promised to keep it.')
  })

  test('offers the room for models that holds now, even where it is one of a kind', async () => {
    peer.changeDevice({ settings: { ...peer.view.device.settings, cacheBytes: 2 * 1024 ** 3 } })
    await settled(app)
    expect(control('2 GiB')).toHaveProperty('checked', true)
  })

  test('says in words why a GPU is not used', async () => {
    const why = { code: 'SELF_TEST_FAILED', operator: 'Conv', why: 'off by 30 %' } as const
    peer.changeDevice({ gpu: { state: 'refused', fault: why } })
    await settled(app)
    expect(pageText()).toContain('This GPU computes Conv differently from the reference (off by 30 %).')
  })

  test('shows the fault of a change that was refused', async () => {
    peer.configure = () => Promise.reject(fault({ code: 'ENGINE_UNAVAILABLE', engine: 'gpu', why: 'no adapter' }))
    control('GPU').click()
    await until(() => pageText().includes('The gpu engine cannot be used here: no adapter.'))
  })

  test('moves its key once asked: the file first, then the key is forgotten, then the room is left', async () => {
    const done = () => peer.governance.done.map(([name]) => String(name))
    const before: string[][] = []
    const files: number[] = []
    const saved = vi.spyOn(URL, 'createObjectURL').mockImplementation((file) => {
      before.push(done())
      files.push((file as Blob).size)
      return 'blob:kept'
    })
    control('Move this key to another device').click()
    await settled(app)
    expect(focused()?.textContent.trim()).toBe('The file is the key: whoever has it is you.')
    expect(pageText()).toContain('Two that sign with one key fork its log')
    expect(pageText()).toContain('This device forgets the key and leaves the room.')
    control('Keep it here').click()
    await settled(app)
    expect(done()).toEqual([])
    control('Move this key to another device').click()
    await settled(app)
    control('Save the file and forget the key here').click()
    await until(() => app.renderRoot.querySelector('moot-join') !== null)
    await settled(app)
    expect(before).toEqual([['moveKey']])
    expect(done()).toEqual(['moveKey', 'forgetKey'])
    expect(peer.left).toBe(true)
    expect(pageText()).toContain(`The key of ${peer.view.nickname} is no longer on this device.`)
    control('Save it again').click()
    expect(files).toEqual([4, 4])
    saved.mockRestore()
    control('Join').click()
    await until(() => app.renderRoot.querySelector('moot-room') !== null)
    location.hash = '#/r/elsewhere'
    await until(() => app.renderRoot.querySelector('moot-join') !== null)
    await settled(app)
    expect(pageText()).not.toContain('no longer on this device')
  })

  test('keeps its key where no file could be written', async () => {
    peer.governance.moveKey = () => Promise.reject(fault({ code: 'KEY_NOT_MOVED', why: 'its records are not read' }))
    control('Move this key to another device').click()
    await settled(app)
    control('Save the file and forget the key here').click()
    await until(() => pageText().includes('The key was not moved: its records are not read.'))
    expect(peer.governance.done).toEqual([])
    expect(pageText()).not.toContain('still on this device too')
    expect(peer.left).toBe(false)
  })

  test('says that a key which could not be deleted must not be used elsewhere, and tries again without another file', async () => {
    const { forgetKey } = peer.governance
    peer.governance.forgetKey = () => Promise.reject(fault({ code: 'STORAGE_UNAVAILABLE', why: 'it does not answer' }))
    control('Move this key to another device').click()
    await settled(app)
    control('Save the file and forget the key here').click()
    await until(() => pageText().includes('it does not answer'))
    expect(pageText()).toContain(
      'the key is still on this device too: it does not answer. Do not bring the file anywhere',
    )
    expect(peer.left).toBe(false)
    peer.governance.forgetKey = forgetKey
    control('Try again to forget it here').click()
    await until(() => app.renderRoot.querySelector('moot-join') !== null)
    expect(peer.governance.done.map(([name]) => name)).toEqual(['moveKey', 'forgetKey'])
  })

  test('forgets its key on the same question, and there is no file', async () => {
    const saved = vi.spyOn(URL, 'createObjectURL')
    control('Forget this key').click()
    await settled(app)
    expect(pageText()).toContain('nobody can sign in that name again')
    control(`Forget ${peer.view.nickname}`).click()
    await until(() => pageText().includes('is no longer on this device'))
    expect(saved).not.toHaveBeenCalled()
    saved.mockRestore()
    expect(peer.governance.done.map(([name]) => name)).toEqual(['forgetKey'])
    expect(pageText()).not.toContain('Save it again')
  })

  test('leaves, and the door is shown again', async () => {
    control('Leave the room').click()
    await until(() => app.renderRoot.querySelector('moot-join') !== null)
    expect(peer.left).toBe(true)
    await settled(app)
    control('Not now').click()
    await settled(app)
    expect(pageText()).toContain('No connection is open. What you kept when you joined stays in this browser')
    expect(pageText()).not.toContain('nothing was kept')
  })
})

describe('a GPU that computes otherwise', () => {
  beforeEach(async () => {
    localStorage.clear()
    ;({ app, peer } = await mountScene('device-diagnosis'))
  })

  test('is told with operator, sizes, adapter and figures', () => {
    expect(pageText()).toContain(
      'This GPU computes Conv differently from the reference: [1, 129, 3] → [1, 128, 1], and 1 more operator. The CPU answers for this model.',
    )
    expect(pageText()).toContain('nvidia ampere, 0x2684')
    expect(element('moot-diagnoses').shadowRoot!.querySelector('tbody')!.textContent).toMatch(/1\.7\s+0\.0001/)
  })

  test('has its report saved as Markdown, and its CPU taken instead', async () => {
    const saved = vi.spyOn(URL, 'createObjectURL')
    control('Save report (.md)').click()
    const [file] = saved.mock.calls[0] ?? []
    saved.mockRestore()
    expect(await (file as Blob).text()).toBe(diagnosis.report)
    control('Use the CPU').click()
    expect(peer.configured).toEqual([{ engine: 'cpu' }])
  })

  test('is looked for on a model that a person chooses', async () => {
    peer.diagnosesTo = cleanDiagnosis
    const choice = element<HTMLSelectElement>('#model')
    choice.value = photographs.id
    control('Check this GPU').click()
    await until(() =>
      pageText().includes('computes all 66 operators of squeezenet that were compared as the reference'),
    )
    expect(peer.diagnosed).toEqual([photographs.id])
  })

  test('that cannot be looked at says why', async () => {
    peer.diagnosesTo = fault({ code: 'ENGINE_UNAVAILABLE', engine: 'gpu', why: 'its device was lost' })
    control('Check this GPU').click()
    await until(() => pageText().includes('The gpu engine cannot be used here: its device was lost.'))
  })
})

describe('a file of evidence', () => {
  beforeEach(() => open('verify'))
  const drop = () => {
    const files = new DataTransfer()
    files.items.add(new File([EVIDENCE], 'evidence.moot'))
    element('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true }))
  }

  test('is known by what is in it, replayed, and its verdict told with the operator', async () => {
    peer.replaysTo = evidenceHolds
    drop()
    await until(() => pageText().includes('Replayed on this device, with the same outcome.'))
    expect(pageText()).toContain('Settled by re-running one operator (Conv 18)')
    expect(pageText()).toContain('its account of the reference run did not stand')
    expect(pageText()).toContain('Claims: cannot be checked')
    expect(pageText()).toContain('36 of 576 values differ.')
  })

  test('that was altered does not hold, and the part is named', async () => {
    peer.replaysTo = evidenceAltered
    drop()
    await until(() => pageText().includes('This evidence does not hold'))
    expect(pageText()).toContain('What fails: inputs.')
    expect(pageText()).toContain('one byte or more was altered')
    expect(pageText()).not.toContain('same outcome')
  })

  test('that lacks the model here is not called altered', async () => {
    const { checks } = evidenceHolds
    const model = { name: 'model', holds: undefined, detail: 'the model is not at hand' } as const
    peer.replaysTo = { holds: false, checks: [...checks.filter(({ name }) => name !== 'verdict'), model] }
    drop()
    await until(() => pageText().includes('This evidence could not be replayed whole here'))
    expect(pageText()).toContain('What could not be checked: claims and model.')
    expect(pageText()).toContain('the model is not at hand')
    expect(pageText()).not.toContain('altered')
    expect(pageText()).not.toContain('Settled by')
  })

  test('that is none says so', async () => {
    peer.replaysTo = fault({ code: 'MALFORMED', what: 'evidence', why: 'grounds: must be known' })
    drop()
    await until(() => pageText().includes('The evidence could not be read: grounds: must be known.'))
  })
})

describe('a receipt file', () => {
  beforeEach(() => open('verify'))
  const drop = () => {
    const files = new DataTransfer()
    files.items.add(new File([new Uint8Array(8)], 'answer.moot'))
    element('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true }))
  }

  test('has every check listed, with its outcome in words', async () => {
    peer.checksTo = checkedReceipt
    drop()
    await until(() => pageText().includes('1 of 3 checks fail'))
    expect(pageText()).toContain('Signatures: holds')
    expect(pageText()).toContain('The draw: fails')
    expect(pageText()).toContain('Input: cannot be checked')
  })

  test('that fails a check does not hold, whatever it claims', async () => {
    peer.checksTo = agreedReceipt({ name: 'draw', holds: false, detail: 'one key accepted twice' })
    drop()
    await until(() => pageText().includes('This receipt does not hold'))
    const heading = element('moot-verify').shadowRoot!.querySelector<HTMLElement>('h2')!
    expect(heading.dataset['tone']).toBe('contested')
    expect(heading.textContent).not.toContain('Agreed')
    expect(pageText()).toContain('It claims: agreed.')
  })

  test('that fails none says what is open, and that fewer answered than were asked for', async () => {
    peer.checksTo = agreedReceipt({ name: 'draw', holds: true, detail: '2 of the 3 asked for drawn from 2 by the lot' })
    drop()
    await until(() => pageText().includes('Nothing in it fails a check.'))
    expect(element('moot-verify').shadowRoot!.querySelector('h2')!.textContent).toContain('Agreed')
    expect(pageText()).toContain('Left open: input.')
    expect(pageText()).toContain('2 of the 3 asked for (nobody else accepted)')
  })

  test('whose verdict takes what is not in it is told as a claim', async () => {
    peer.checksTo = agreedReceipt({ name: 'agreement', holds: undefined, detail: 'it takes outputs not in the file' })
    drop()
    await until(() => pageText().includes('It claims: Agreed'))
    expect(element('moot-verify').shadowRoot!.querySelector<HTMLElement>('h2')!.dataset['tone']).toBe('lone')
    expect(pageText()).toContain('Left open: input and agreement.')
  })

  test('is run again here', async () => {
    peer.checksTo = checkedReceipt
    peer.rerunsTo = rerunOf(checkedReceipt, answers.contested.claims)
    drop()
    await until(() => pageText().includes('And the arithmetic?'))
    control('Re-run it here').click()
    await until(() => pageText().includes('2 of 3 answers stand'))
  })

  test('that lacks an output leaves open whether that answer stands', async () => {
    const [first, ...others] = answers.contested.claims
    const whole = rerunOf(checkedReceipt, [first, ...others])
    peer.checksTo = checkedReceipt
    peer.rerunsTo = {
      ...whole,
      claims: whole.claims.map((claim, i) => (i === 1 ? { ...claim, stands: undefined, deviation: undefined } : claim)),
    }
    drop()
    await until(() => pageText().includes('And the arithmetic?'))
    control('Re-run it here').click()
    await until(() => pageText().includes('1 of 3 answers stand; of 1 there is too little in the file to say'))
    expect(pageText()).toContain('its output is not at hand')
  })

  test('that is none is refused in words', async () => {
    peer.checksTo = fault({ code: 'MALFORMED', what: 'receipt', why: 'it is not dag-cbor' })
    drop()
    await until(() => pageText().includes('The receipt could not be read: it is not dag-cbor.'))
  })
})
