import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Colours a piece of text, or leaves it alone. */
export type Paint = (style: Style, text: string) => string

export const plain: Paint = (_style, text) => text

const coloured: Paint = (style, text) => styleText(style, text)

/** Colours only on a terminal, and only when nobody asked for none. */
export const paint: Paint = wantsColour() ? coloured : plain

function wantsColour(): boolean {
  const { NO_COLOR, NODE_DISABLE_COLORS, TERM } = process.env
  return process.stdout.isTTY === true && !NO_COLOR && !NODE_DISABLE_COLORS && TERM !== 'dumb'
}
