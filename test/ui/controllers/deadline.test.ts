import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Deadline } from '../../../src/ui/controllers/deadline.ts'

const host = {
  requestUpdate: vi.fn<() => void>(),
  addController: () => {},
  removeController: () => {},
  updateComplete: Promise.resolve(true),
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  host.requestUpdate.mockClear()
})

test('a moment is there while it lies ahead, and its host is told when it no longer does', () => {
  const deadline = new Deadline(host)
  const moment = new Date(Date.now() + 1_000)
  expect(deadline.ahead(moment)).toBe(moment)
  vi.advanceTimersByTime(999)
  expect(host.requestUpdate).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(host.requestUpdate).toHaveBeenCalledOnce()
  expect([deadline.ahead(moment), deadline.ahead(undefined)]).toEqual([undefined, undefined])
})

test('a moment further away than a timer can wait for is looked at again when the timer is over, and not at once', () => {
  const wait = vi.spyOn(globalThis, 'setTimeout')
  new Deadline(host).ahead(new Date(Date.now() + 100 * 365 * 86_400_000))
  expect(wait).toHaveBeenCalledExactlyOnceWith(expect.any(Function), 2 ** 31 - 1)
})
