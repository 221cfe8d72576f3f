import { expect, test } from 'vitest'
import { caseNews } from '../../src/entry/peer-announcements.ts'
import { caseOf } from '../kits/fake-cases.ts'

const ID = 'ab12cd34'.repeat(8)

function listen() {
  const said: string[] = []
  return { said, tell: caseNews((sentence) => said.push(sentence)) }
}

test('each step of a case is said once, and how it ended in one line', () => {
  const { said, tell } = listen()
  for (const name of ['opening', 'opening', 'summoned', 'voting', 'revealing', 'ruled'] as const)
    tell({ ready: true, cases: [caseOf(name, ID)] })
  expect(said).toEqual([
    'Case ab12cd34: opening.',
    'Case ab12cd34: summoning, as juror.',
    'Case ab12cd34: voting, as juror.',
    'Case ab12cd34: revealing.',
    'Case ab12cd34: ruled, upheld 4 to 1, as executor.',
  ])
})

test('of several cases each is told apart, and what came to nothing says why', () => {
  const { said, tell } = listen()
  tell({ ready: true, cases: [caseOf('unresolved', ID), caseOf('refused', 'cd'.repeat(32))] })
  expect(said).toEqual([
    'Case ab12cd34: unresolved, no-quorum.',
    'Case cdcdcdcd: refused, whoever contests was no party to the job.',
  ])
})

test('what was over before the records were read is no news; what is still open is', () => {
  const { said, tell } = listen()
  tell({ ready: false, cases: [caseOf('ruled', ID), caseOf('voting', 'cd'.repeat(32))] })
  tell({ ready: true, cases: [caseOf('ruled', ID), caseOf('voting', 'cd'.repeat(32))] })
  expect(said).toEqual(['Case cdcdcdcd: voting, as juror.'])
})
