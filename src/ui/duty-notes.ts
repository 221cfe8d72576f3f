import { html, type TemplateResult } from 'lit'
import type { Peer } from '../peer/view.ts'
import { dutyWords } from './case-words.ts'
import { note } from './notes.ts'
import { linkTo, type Route } from './route.ts'

/** What this peer is asked for wherever one looks: by a jury, and by a charter that it has not signed. */
export function dutyNotes({ view, governance }: Peer, { screen, charter }: Route): readonly (TemplateResult | false)[] {
  const { cases, charters } = governance.view
  const { room } = view
  // The link may ask for a charter that the tab cannot go by yet.
  const asked = charter ?? view.charter.id
  const known = charters.find(({ id }) => id === asked)
  const duty = cases.find(({ asks }) => asks.includes('serve') || asks.includes('vote'))
  const isThere = screen.name === 'disputes' || (screen.name === 'case' && screen.id === duty?.id)
  return [
    duty !== undefined &&
      !isThere &&
      note(
        html`${dutyWords(duty)} <a href=${linkTo(room, { name: 'case', id: duty.id })}>Go to the case</a>`,
        'disputes',
      ),
    (known === undefined || known.mine === 'none') &&
      note(
        html`You look on: this room goes by a charter that you have not signed.
        ${
          known
            ? html`<a href=${linkTo(room, { name: 'charter-text', id: known.id })}>Read it, then sign</a>`
            : 'Its text is not here yet; it comes from whoever holds it.'
        }`,
        'charter',
      ),
  ]
}
