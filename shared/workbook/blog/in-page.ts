// These run in the browser, as text: the compiler here knows no document.

/** How many pixels the page is wider than its window. */
export const widestOverflow =
  'document.documentElement.scrollWidth - document.documentElement.clientWidth'

/** The levels of the headings, in order. */
export const headings =
  '[...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(({ tagName }) => Number(tagName[1]))'

/** The contrast of the text that is hardest to read, as WCAG counts it. */
export const weakestContrast = `(() => {
  const parts = (text) => text.match(/[\\d.]+/g).map(Number)
  const light = (text) => {
    const [r, g, b] = parts(text)
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const isSolid = (text) => !(parts(text).length === 4 && parts(text)[3] === 0)
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at)
      if (isSolid(backgroundColor)) return backgroundColor
    }
    throw new Error('the page has no colour of its own')
  }
  const hasText = ({ childNodes }) => [...childNodes].some((node) => node.nodeType === 3 && node.data.trim())
  const texts = [...document.body.querySelectorAll('*')].filter((one) => one.checkVisibility() && hasText(one))
  return Math.min(...texts.map((element) => {
    const [dim, bright] = [getComputedStyle(element).color, ground(element)].map(light).sort((a, b) => a - b)
    return (bright + 0.05) / (dim + 0.05)
  }))
})()`
