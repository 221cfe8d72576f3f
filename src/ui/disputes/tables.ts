import { html, nothing, type TemplateResult } from 'lit'
import type { DisputeView } from '../../peer/dispute-view.ts'
import { isOpen } from '../contest-words.ts'
import { engineMark } from '../engine-mark.ts'
import { icon } from '../icons.ts'
import { letterOf } from '../result.ts'
import { stoneMark } from '../stone-mark.ts'
import { engineName, plain } from '../words.ts'
import { standingWords } from './dispute-words.ts'

/** The tables of a dispute. Styles: `moot-dispute.styles`, `table.styles`. */

/** Rows of what others sent. */
const MOST_ROWS = 24
/** Hexadecimal digits shown of a hash. */
const HASH_SHOWN = 10

/** What was claimed, by whom, and what became of it. */
export function claimsCard({ claims, heard }: DisputeView): TemplateResult | typeof nothing {
  if (claims.length === 0) return nothing
  return html`<section class="card">
    <h2>${heard ? 'What others say of the claims' : 'What was claimed'}</h2>
    <table>
      <caption class="unseen">
        Claims
      </caption>
      <thead>
        <tr>
          <th scope="col">Tab</th>
          <th scope="col">Engine</th>
          <th scope="col">Output hash</th>
          <th scope="col">Outcome</th>
        </tr>
      </thead>
      <tbody>
        ${claims.slice(0, MOST_ROWS).map(
          ({ peer, nickname, engine, outputHash, stands, deviation }) =>
            html`<tr>
              <th scope="row"><span class="who" title=${peer}>${stoneMark(peer)}${nickname}</span></th>
              <td data-of="Engine"><span>${engineMark(engine)} ${engineName(engine)}</span></td>
              <td data-of="Hash"><code title=${outputHash}>${outputHash.slice(0, HASH_SHOWN)}</code></td>
              <td class="wide" data-of="Outcome">
                <span
                  >${outcome(stands, stands === undefined ? 'not known' : stands ? 'stands' : 'did not stand')}
                  ${
                    deviation && deviation.scaled > 0
                      ? html`<span class="small soft">difference ${plain(deviation.scaled)}</span>`
                      : nothing
                  }</span
                >
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`
}

/** Who says that the reference engine computes what. Equal letters: equal accounts. */
export function accountsCard({ assertions, heard, phase }: DisputeView): TemplateResult | typeof nothing {
  if (heard && assertions.length === 0) return nothing
  const roots = [...new Set(assertions.map(({ root }) => root))]
  return html`<section class="card">
    <h2>Accounts of the reference run</h2>
    ${
      assertions.length === 0
        ? html`<p class="soft">
            ${isOpen({ phase }) ? 'Nobody has given one yet. Any tab that can run the reference may.' : 'Nobody gave one.'}
          </p>`
        : html`<table>
              <caption class="unseen">
                Accounts
              </caption>
              <thead>
                <tr>
                  <th scope="col">Tab</th>
                  <th scope="col">Account</th>
                  <th scope="col">Outcome</th>
                </tr>
              </thead>
              <tbody>
                ${assertions.slice(0, MOST_ROWS).map(
                  ({ peer, nickname, root, standing }) =>
                    html`<tr>
                      <th scope="row"><span class="who" title=${peer}>${stoneMark(peer)}${nickname}</span></th>
                      <td data-of="Account">
                        <span class=${roots.indexOf(root) === 0 ? 'group' : 'group other'} title=${root}
                          >${letterOf(roots.indexOf(root))}</span
                        >
                      </td>
                      <td class="wide" data-of="Outcome">
                        ${outcome(standing === 'open' ? undefined : standing === 'stands', standingWords(standing))}
                      </td>
                    </tr>`,
                )}
              </tbody>
            </table>
            <p class="small soft">One letter, one account: of every value in order, to the bit.</p>`
    }
  </section>`
}

const outcome = (holds: boolean | undefined, words: string): TemplateResult =>
  html`<span class=${holds === undefined ? 'absent' : holds ? 'holds' : 'fails'}
    >${icon(holds === undefined ? 'absent' : holds ? 'holds' : 'fails')}${words}</span
  >`
