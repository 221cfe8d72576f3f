import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { encodeEvidence, type EvidenceFile } from '../../src/domain/dispute/evidence.ts'
import { fault } from '../../src/domain/fault.ts'
import { peerIdFromKey } from '../../src/domain/peer-id.ts'
import { encodeReceipt, type ReceiptFile } from '../../src/domain/receipt.ts'
import type { BroughtKey, JoinOptions } from '../../src/ui/joining.ts'
import type { MootApp, Rejoining } from '../../src/ui/moot-app.ts'
import '../../src/ui/moot-app.ts'
import { first, HARBOUR, harbour } from '../kits/fake-charters.ts'
import { digits } from '../kits/fake-models.ts'
import { FakePeer } from '../kits/fake-peer.ts'
import { checkedReceipt } from '../kits/fake-receipt.ts'
import { control, element, everyElement, focused, pageText, settled, until } from '../kits/page.ts'
import { BROUGHT, giveFile } from '../kits/scenes.ts'

const CONSENT =
  'Other tabs can see your IP address. What you ask is sent to them and they can read it. Your device will run small jobs. ' +
  'Signed records of what you did stay with others. Nothing starts before you press Join.'

let app: MootApp
let joins: JoinOptions[]
let peer: FakePeer

async function open(): Promise<void> {
  app = document.createElement('moot-app')
  app.join = async (options) => {
    joins.push(options)
    return peer
  }
  document.body.append(app)
  await settled(app)
}

const joined = () => until(() => app.renderRoot.querySelector('moot-room') !== null)

beforeEach(async () => {
  localStorage.clear()
  location.hash = '#/r/tea'
  joins = []
  peer = new FakePeer({ room: 'tea' })
  await open()
})
afterEach(() => {
  app.remove()
  vi.restoreAllMocks()
})

describe('before Join', () => {
  test('nothing happens: no socket, no WebRTC, nothing fetched, nothing joined', async () => {
    app.remove()
    const socket = vi.spyOn(window, 'WebSocket')
    const rtc = vi.spyOn(window, 'RTCPeerConnection')
    const fetched = vi.spyOn(window, 'fetch')
    await open()
    control('Not now').click()
    await settled(app)
    expect(pageText()).toContain('No connection was made and nothing was kept')
    control('Back').click()
    await settled(app)
    expect([socket, rtc, fetched].map((spy) => spy.mock.calls.length)).toEqual([0, 0, 0])
    expect(joins).toEqual([])
    expect(localStorage.length).toBe(0)
  })

  test('says what one agrees to, in exactly these words', () => {
    expect(pageText().replace(/\s+/g, ' ')).toContain(CONSENT)
  })

  test('a receipt can be checked, and only checked', async () => {
    const files: Uint8Array[] = []
    app.checkReceipt = async (file) => {
      files.push(file)
      return checkedReceipt
    }
    element('a.check').click()
    await until(() => focused()?.textContent === 'Check a receipt')
    const dropped = new DataTransfer()
    dropped.items.add(new File([new Uint8Array(8)], 'answer.moot'))
    element('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true }))
    await until(() => pageText().includes('This receipt does not hold'))
    expect(files).toEqual([new Uint8Array(8)])
    expect(pageText()).not.toContain('Re-run it here')
    expect(joins).toEqual([])
    element('main > a').click()
    await until(() => focused()?.textContent === 'Ask.Let others check.')
  })

  test('tells that evidence takes the engine, and checks the receipt in it', async () => {
    const manifest = { ...digits.manifest, publisher: peerIdFromKey(new Uint8Array(32)) }
    const receipt: ReceiptFile = { moot: 'receipt', version: 1, manifest, messages: [], outputs: [] }
    const messages = [{ body: new Uint8Array(1), key: new Uint8Array(32), signature: new Uint8Array(64) }]
    const evidence: EvidenceFile = {
      moot: 'evidence',
      version: 1,
      grounds: 'contest',
      receipt,
      messages,
      traces: [],
      leaves: [],
    }
    const checked: Uint8Array[] = []
    app.checkReceipt = async (file) => {
      checked.push(file)
      return checkedReceipt
    }
    location.hash = '#/r/tea/verify'
    await until(() => pageText().includes('Evidence of a dispute is replayed once you have joined.'))
    const files = new DataTransfer()
    files.items.add(new File([new Uint8Array(encodeEvidence(evidence))], 'evidence.moot'))
    element('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true }))
    await until(() => pageText().includes('To replay it takes the engine, which comes with Join.'))
    expect(pageText()).toContain('The receipt in it is checked below.')
    expect(pageText()).toContain('Signatures: holds')
    expect(checked).toEqual([encodeReceipt(receipt)])
    expect(joins).toEqual([])
  })

  test('the title of the page names the room', () => {
    expect(document.title).toBe('tea · Moot')
  })

  test('names the room and its charter', () => {
    expect(pageText()).toMatch(/Room tea Charter First charter 1/)
  })
})

describe('Join', () => {
  test('hands on the room and what was chosen', async () => {
    control('50 %').click()
    control('64 MiB').click()
    await settled(app)
    control('Join').click()
    await joined()
    expect(joins).toMatchObject([
      { room: 'tea', watching: false, settings: { duty: 0.5, cacheBytes: 64 * 1024 ** 2, engine: 'cpu' } },
    ])
  })

  test('to watch runs no job', async () => {
    control('Watch only').click()
    await joined()
    expect(joins).toMatchObject([{ watching: true }])
  })

  test('can be done by keyboard alone', async () => {
    for (let presses = 0; focused()?.textContent.trim() !== 'Join' && presses < 20; presses++)
      await userEvent.keyboard('{Tab}')
    await userEvent.keyboard('{Enter}')
    await joined()
    expect(joins).toHaveLength(1)
    await until(() => focused()?.localName === 'h1')
    expect(focused()?.textContent).toBe('Ask')
  })

  test('pressed twice joins once', async () => {
    const button = control('Join')
    button.click()
    button.click()
    await joined()
    expect(joins).toHaveLength(1)
  })

  test('shows how far it has come, and reads it out', async () => {
    app.join = ({ onProgress }) => {
      onProgress?.('network')
      return new Promise(() => {})
    }
    control('Join').click()
    await settled(app)
    await until(
      () => app.renderRoot.querySelector('moot-join')!.renderRoot.querySelector('[aria-current=step]') !== null,
    )
    expect(pageText()).toMatch(/Joining tea.*Reaching the room/)
  })

  test('that fails says why and can be tried again', async () => {
    app.join = async () => {
      throw fault({ code: 'NO_RELAY', tried: 2 })
    }
    control('Join').click()
    await until(() => pageText().includes("Can't reach the relay (2 tried)"))
    expect(control('Join')).toBeInstanceOf(HTMLButtonElement)
  })

  test('is asked for again on the next visit, with the consent shortened and the choices kept', async () => {
    control('10 %').click()
    await settled(app)
    control('Join').click()
    await joined()
    app.remove()
    await open()
    expect(joins).toHaveLength(1)
    expect(pageText()).not.toContain('IP address')
    control('Read again').click()
    await settled(app)
    expect(pageText()).toContain(CONSENT)
    control('Join').click()
    await joined()
    expect(joins[1]).toMatchObject({ settings: { duty: 0.1 } })
  })
})

describe('a key from another device', () => {
  const read: [Blob, string][] = []
  const bring = async (answer: BroughtKey | Error = BROUGHT) => {
    read.splice(0)
    app.readKey = async (...all) => {
      read.push(all)
      if (answer instanceof Error) throw answer
      return answer
    }
    await settled(app)
    giveFile('input[type=file]', 'moot-key.moot')
  }

  test('is checked before Join, said by name, and joined with', async () => {
    await bring()
    await until(() => pageText().includes(`You join as ${BROUGHT.nickname}, whose key is in the file.`))
    expect(read).toEqual([[expect.any(File), 'tea']])
    expect(pageText()).toContain('It goes on after 37 records of its own; 412 records came with it in all.')
    expect(joins).toEqual([])
    expect(localStorage.length).toBe(0)
    control('Join').click()
    await joined()
    expect(joins).toMatchObject([{ room: 'tea', moved: BROUGHT.file }])
  })

  test('is left again, and then one joins with one’s own', async () => {
    await bring()
    await until(() => pageText().includes('whose key is in the file'))
    control('Leave it').click()
    await settled(app)
    expect(pageText()).not.toContain('whose key is in the file')
    control('Join').click()
    await joined()
    expect(joins[0]).not.toHaveProperty('moved')
  })

  test('that is none is refused in words, and does not keep anybody from joining', async () => {
    await bring(fault({ code: 'KEY_NOT_MOVED', why: 'the file is of another room than “tea”' }))
    await until(() => pageText().includes('The key was not moved: the file is of another room than “tea”.'))
    control('Join').click()
    await joined()
    expect(joins[0]).not.toHaveProperty('moved')
  })

  test('is brought to one room: at another door it is not there', async () => {
    await bring()
    await until(() => pageText().includes('whose key is in the file'))
    location.hash = '#/r/garden'
    await until(() => pageText().includes('Room garden'))
    expect(pageText()).not.toContain('whose key is in the file')
  })

  test('can be tried again where joining failed', async () => {
    const { join } = app
    if (join === undefined) throw new Error('the app joins nothing')
    app.join = async () => {
      throw fault({ code: 'NO_RELAY', tried: 2 })
    }
    await bring()
    await until(() => pageText().includes('whose key is in the file'))
    control('Join').click()
    await until(() => pageText().includes("Can't reach the relay (2 tried)"))
    expect(pageText()).toContain('whose key is in the file')
    app.join = join
    control('Join').click()
    await joined()
    expect(joins).toMatchObject([{ moved: BROUGHT.file }])
  })

  test('is found by keyboard', async () => {
    for (let presses = 0; !focused()?.matches('input[type=file]') && presses < 30; presses++)
      await userEvent.keyboard('{Tab}')
    expect(focused()?.closest('label')?.textContent.trim()).toBe('Bring a key from another device')
  })
})

test('whoever joins at once after leaving waits until the key is free', async () => {
  control('Join').click()
  await joined()
  const left = Promise.withResolvers<void>()
  peer.leave = () => left.promise
  app.renderRoot.querySelector('moot-room')!.dispatchEvent(new CustomEvent('moot-leave', { detail: null }))
  await until(() => app.renderRoot.querySelector('moot-join') !== null)
  await settled(app)
  control('Join').click()
  await until(() => pageText().includes('Joining tea'))
  expect(joins).toHaveLength(1)
  left.resolve()
  await joined()
  expect(joins).toHaveLength(2)
})

test('another room in the address leaves the one before, and asks', async () => {
  control('Join').click()
  await joined()
  location.hash = '#/r/garden'
  await until(() => peer.left)
  await until(() => app.renderRoot.querySelector('moot-join') !== null)
  await settled(app)
  expect(pageText()).toMatch(/Room garden/)
  expect(joins).toHaveLength(1)
})

describe('the charter in the link', () => {
  const arriveAt = async (hash: string) => {
    app.remove()
    location.hash = hash
    await open()
  }
  const under = (charter: string) =>
    (peer = new FakePeer({
      room: 'tea',
      charter: { ...peer.view.charter, id: charter, title: HARBOUR.title, version: 2 },
    }))

  test('that none names is the one shipped: joining signs it, and its labels are read first', async () => {
    expect(pageText()).toContain('Joining signs it.')
    expect(pageText()).toContain('No key signs as its author')
    control('Join').click()
    await joined()
    expect(joins).toMatchObject([{ grade: 'clicked' }])
    expect(joins[0]).not.toHaveProperty('charter')
    expect(location.hash).toBe('#/r/tea')
  })

  test('whose text is not here is not signed by joining', async () => {
    await arriveAt(`#/r/tea?charter=${harbour.id}`)
    under(harbour.id)
    expect(pageText()).toContain('Its text is not here yet: you look on until you have read and signed it.')
    expect(pageText()).not.toContain('Joining signs it')
    control('Join').click()
    await joined()
    expect(joins).toMatchObject([{ room: 'tea', charter: harbour.id }])
    expect(joins[0]).not.toHaveProperty('grade')
  })

  test('stays the one that was asked for, while the tab looks on under another until its text has come', async () => {
    await arriveAt(`#/r/tea?charter=${harbour.id}`)
    control('Join').click()
    await joined()
    expect(location.hash).toBe(`#/r/tea?charter=${harbour.id}`)
    await until(() => pageText().includes('Its text is not here yet; it comes from whoever holds it.'))
    location.hash = '#/r/tea/peers'
    await until(() => location.hash === `#/r/tea/peers?charter=${harbour.id}`)
    await until(() => pageText().includes('Only you are here'))
    expect(element('moot-invite').shadowRoot!.querySelector('a')!.href).toContain(`#/r/tea?charter=${harbour.id}`)
    peer.governance.change({ charters: [first, harbour] })
    await until(() => pageText().includes('Read it, then sign'))
    const link = [...everyElement()].find((each) => each.textContent === 'Read it, then sign')
    expect(link?.getAttribute('href')).toBe(`#/r/tea/charter/${harbour.id}`)
    expect(peer.left).toBe(false)
    // Looking on was the tab's doing: whoever pressed Join takes part once it is signed.
    peer.changeDevice({ settings: { ...peer.view.device.settings, watching: true } })
    const detail: Rejoining = { charter: harbour.id, grade: 'signed-after-diff' }
    app.renderRoot
      .querySelector('moot-room')!
      .dispatchEvent(new CustomEvent('moot-rejoin', { detail, bubbles: true, composed: true }))
    await until(() => joins.length === 2)
    expect(joins[1]).toMatchObject({ ...detail, watching: false })
  })

  test('stays in the address while one goes about, so that a reload joins under the same', async () => {
    await arriveAt(`#/r/tea?charter=${harbour.id}`)
    under(harbour.id)
    control('Join').click()
    await joined()
    location.hash = '#/r/tea/peers'
    await until(() => location.hash === `#/r/tea/peers?charter=${harbour.id}`)
    await until(() => pageText().includes('Only you are here'))
    expect(peer.left).toBe(false)
    expect(element('moot-invite').shadowRoot!.querySelector('a')!.href).toMatch(
      new RegExp(`#/r/tea\\?charter=${harbour.id}$`),
    )
  })

  test('that is another than one goes by leaves the room, and asks', async () => {
    control('Join').click()
    await joined()
    location.hash = `#/r/tea?charter=${harbour.id}`
    await until(() => peer.left)
    await until(() => pageText().includes('Its text is not here yet'))
    expect(joins).toHaveLength(1)
  })

  test('is joined again under once it was signed, with the settings of before, and the door knows it from then on', async () => {
    control('10 %').click()
    await settled(app)
    control('Watch only').click()
    await joined()
    const before = peer
    before.changeDevice({ settings: { ...before.view.device.settings, watching: true, duty: 0.1 } })
    before.governance.change({ charters: [first, harbour] })
    under(harbour.id)
    const detail: Rejoining = { charter: harbour.id, grade: 'signed-after-diff' }
    app.renderRoot
      .querySelector('moot-room')!
      .dispatchEvent(new CustomEvent('moot-rejoin', { detail, bubbles: true, composed: true }))
    await until(() => joins.length === 2)
    await joined()
    expect(before.left).toBe(true)
    expect(joins[1]).toMatchObject({ ...detail, room: 'tea', watching: true, settings: { duty: 0.1, engine: 'cpu' } })
    expect(location.hash).toBe(`#/r/tea/charter?charter=${harbour.id}`)
    await arriveAt(`#/r/tea?charter=${harbour.id}`)
    expect(pageText()).toContain('Harbour charter 2, which you signed on this site before. Joining signs it.')
    control('Join').click()
    await until(() => joins.length === 3)
    expect(joins[2]).toMatchObject({ charter: harbour.id, grade: 'clicked' })
  })
})
