import type { CharterPath, ClauseText } from './clause-table.ts'

const time = (
  number: string,
  name: string,
  sentence: string,
  alternatives: readonly number[],
  more?: string,
  less?: string,
): ClauseText => ({
  number,
  name,
  unit: 'time',
  sentence,
  alternatives,
  ...(more === undefined ? {} : { more }),
  ...(less === undefined ? {} : { less }),
})

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long each step of a job, a case or an amendment may take. */
export const TIME_CLAUSES: Readonly<Record<Extract<CharterPath, `timeouts.${string}`>, ClauseText>> = {
  'timeouts.offerWindow': time('9.1', 'Late answers to an offer', 'With enough tabs, an asker waits another %.', [500]),
  'timeouts.offer': time('9.2', 'An offer', 'For enough tabs an asker waits %.', [5 * SECOND]),
  'timeouts.silence': time('9.3', 'Silence', 'A tab that says nothing for % counts as gone.', [10 * SECOND]),
  'timeouts.commit': time('9.4', 'Answering', 'A tab may take % to answer.', [2 * MINUTE]),
  'timeouts.reveal': time('9.5', 'Revealing', 'Once all are bound, a tab has % to show its answer.', [30 * SECOND]),
  'timeouts.compute': time('9.6', 'One run', 'One run of a model may take %.', [MINUTE]),
  'timeouts.contest': time(
    '9.7',
    'Contesting',
    'An answer may be contested for %.',
    [MINUTE, HOUR],
    'There is more time to contest an answer.',
    'There is less time to contest an answer.',
  ),
  'timeouts.assert': time('9.8', 'Running it again', 'Somebody must have run it again within %.', [MINUTE]),
  'timeouts.together': time('9.9', 'The other parties', 'Whoever ran it again waits % for the others.', [5 * SECOND]),
  'timeouts.opening': time('9.10', 'Showing a trace', 'Whoever asserted has % to show what.', [10 * SECOND]),
  'timeouts.link': time('9.11', 'Opening links', 'Parties have % before a jury is drawn without them.', [10 * SECOND]),
  'timeouts.serve': time(
    '9.12',
    'Saying whether one serves',
    'Whoever is drawn has % to say so.',
    [10 * MINUTE],
    'Jurors have longer to answer, and cases take longer.',
    'Jurors who are not at their screen are replaced sooner.',
  ),
  'timeouts.vote': time(
    '9.13',
    'Voting',
    'A juror has % to vote.',
    [HOUR],
    'Jurors have more time to read.',
    'Jurors have less time to read.',
  ),
  'timeouts.voteReveal': time('9.14', 'Showing a vote', 'Once all voted, a juror has % to show its vote.', [MINUTE]),
  'timeouts.appeal': time(
    '9.15',
    'Appealing',
    'A ruling may be appealed for %.',
    [DAY],
    'There is more time to appeal.',
    'There is less time to appeal.',
  ),
  'timeouts.notice': time(
    '9.16',
    'Notice',
    'A sponsored amendment is shown for % before it may be signed.',
    [DAY],
    'There is more time to hear of an amendment.',
    'There is less time to hear of an amendment.',
  ),
  'timeouts.signing': time(
    '9.17',
    'Signing',
    'It may be signed for %.',
    [DAY],
    'There is more time to sign an amendment.',
    'There is less time to sign an amendment.',
  ),
}
