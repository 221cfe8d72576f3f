import { html, type TemplateResult } from 'lit'

/** One of a few, side by side: a group of radio buttons under its legend. */
export const segments = (
  name: string,
  legend: string,
  options: readonly (readonly [label: string, checked: boolean, choose: () => void])[],
): TemplateResult =>
  html`<legend>${legend}</legend>
    <div class="segments">
      ${options.map(
        ([label, checked, choose]) =>
          html`<label><input type="radio" name=${name} .checked=${checked} @change=${choose} />${label}</label>`,
      )}
    </div>`
