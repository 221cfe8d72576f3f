import { html, nothing, type TemplateResult } from 'lit'
import { clauseAt } from '../../domain/charter/clauses.ts'
import type { Vote } from '../../domain/ledger/entry.ts'
import { nicknameOf } from '../../domain/nickname.ts'
import type { LevelView, SeatView } from '../../peer/governance-view.ts'
import { ruleWords, rulingWords } from '../case-words.ts'
import { icon } from '../icons.ts'
import { stoneMark } from '../stone-mark.ts'
import { cut } from '../words.ts'
import {
  affectedWords,
  isTaken,
  linkWords,
  overlapWords,
  replacementWords,
  seatWords,
  turnoutWords,
  voteWords,
} from './jury-words.ts'

/** One level of a case: who was drawn and from whom, how each seat stands, and the ruling. Styles: `moot-case.styles`. */

/** Seats and dissents listed, and characters of what was written. */
const MOST_SEATS = 44
const MOST_DISSENTS = 24
const TEXT_SHOWN = 280

export function levelCard(level: LevelView, charterName: string): TemplateResult {
  const { seats, ruling } = level
  const replaced = replacementWords(seats)
  return html`<section class="card level">
    <h2>${level.level === 0 ? 'The jury' : `Appeal ${level.level}: the jury`}</h2>
    ${ruling ? rulingPart(ruling, charterName) : nothing}
    ${seats.length === 0 ? html`<p class="soft">${ruling ? 'Nobody was drawn.' : 'Nobody has been drawn yet.'}</p>` : seatList(level)}
    ${replaced ? html`<p class="small">${replaced}</p>` : nothing}
    <p class="small soft">${overlapWords(level)}</p>
    <p class="small soft">${linkWords(level)}</p>
  </section>`
}

/** Seats as stones: those of the jury, then those who did not sit. */
function seatList(level: LevelView): TemplateResult {
  const seats = [...level.seats.filter(isTaken), ...level.seats.filter((seat) => !isTaken(seat))]
  return html`<p>${level.size} seats. ${turnoutWords(level)}.</p>
    <ol class="seats">
      ${seats.slice(0, MOST_SEATS).map(seat)}
    </ol>`
}

function seat({ peer, nickname, tree, state, vote, reason, isReplacement }: SeatView): TemplateResult {
  const introduced = tree === peer ? 'an introducer' : `let in by ${nicknameOf(tree)}`
  return html`<li class=${vote ?? state}>
    ${stoneMark(peer, '2.4em')}
    <div>
      <strong title=${peer}>${nickname}</strong>
      <span class="small soft">${introduced}${isReplacement ? ', in another’s place' : ''}</span>
      <span class="vote">${icon(markOf(state, vote))}${seatWords({ state, ...(vote ? { vote } : {}) })}</span>
      ${reason ? html`<blockquote dir="auto">${cut(reason, TEXT_SHOWN)}</blockquote>` : nothing}
    </div>
  </li>`
}

function markOf(state: SeatView['state'], vote: SeatView['vote']): 'flag' | 'holds' | 'absent' | 'seal' | 'ask' {
  if (vote !== undefined) return vote === 'uphold' ? 'flag' : 'holds'
  if (state === 'committed' || state === 'revealed') return 'seal'
  return state === 'serves' ? 'ask' : 'absent'
}

function rulingPart(ruling: NonNullable<LevelView['ruling']>, charterName: string): TemplateResult {
  const { clause, dissents, refuted, affected } = ruling
  const cast = (vote: Vote, count: number) => Array.from({ length: Math.min(count, MOST_SEATS) }, () => vote)
  const votes = [...cast('uphold', ruling.for), ...cast('dismiss', ruling.against)]
  return html`<div class="ruling">
      <p><strong>${rulingWords(ruling)}</strong></p>
      <div class="count" aria-hidden="true">${votes.map((vote) => html`<i class=${vote}></i>`)}</div>
      <p class="small">
        ${votes.length > 0 ? `${ruling.for} voted that ${voteWords('uphold')}, ${ruling.against} that it does not. ` : nothing}By
        ${charterName}, ${ruleWords(clause)}${ruleTitle(clause)}.
      </p>
      <p class="small soft">${affected.length > 0 ? affectedWords(affected) : nothing}</p>
      ${
        refuted
          ? html`<div class="note warning">
              ${icon('warning')}
              <p>
                What a re-run shows is a fact that any tab can repeat. A vote does not change it, and it does not undo
                the vote: both stay.
              </p>
            </div>`
          : nothing
      }
    </div>
    ${
      dissents.length > 0
        ? html`<h3>Who does not agree</h3>
            <ul class="list">
              ${dissents.slice(0, MOST_DISSENTS).map(
                ({ peer, note }) =>
                  html`<li>
                    ${stoneMark(peer)}
                    <span title=${peer}><strong>${nicknameOf(peer)}</strong></span>
                    <blockquote dir="auto">${cut(note, TEXT_SHOWN)}</blockquote>
                  </li>`,
              )}
            </ul>`
        : nothing
    }`
}

const ruleTitle = (path: string): string => {
  const clause = clauseAt(path)
  return clause ? ` (${clause.name.toLowerCase()})` : ''
}
