/** Text that is HTML already. Everything else is text, and is escaped before it becomes a part of a page. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

/**
 * Builds HTML. What is filled in is text and stays text, whatever stands in it; lists are joined; nothing for null and false.
 *
 * @example
 * html`<td>${statement.sql}</td>` // <td>SELECT 1 &#60; 2</td>
 */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Html {
  return new Html(String.raw({ raw: strings }, ...values.map(textOf)))
}

function textOf(value: unknown): string {
  if (value instanceof Html) return value.text
  if (Array.isArray(value)) return value.map(textOf).join('')
  return value === undefined || value === null || value === false ? '' : escaped(String(value))
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
