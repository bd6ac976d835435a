import { raw } from 'hono/html'

/** How the pages look: in light and dark, wide and narrow, without anything from elsewhere. */
export const style = raw(`
  :root { color-scheme: light dark; --ground: #fdfcfa; --text: #23211f; --soft: #5c5751; --link: #1a56a0; --line: #ddd8d0; }
  @media (prefers-color-scheme: dark) {
    :root { --ground: #1b1a19; --text: #e8e4de; --soft: #b0a99f; --link: #8fbcf0; --line: #3d3a36; }
  }
  body { max-width: 42rem; margin: 0 auto; padding: 0 1rem 3rem; background: var(--ground); color: var(--text);
    font: 1.05rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
  a { color: var(--link); }
  a:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
  h1, h2 { line-height: 1.25; text-wrap: balance; }
  header nav, .pages { display: flex; gap: 1.5rem; padding-block: 1rem; }
  header nav { border-bottom: 1px solid var(--line); }
  .home { font-weight: 600; }
  .small, .tags { color: var(--soft); font-size: 0.9rem; }
  .text { white-space: pre-wrap; }
  .tags { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0; list-style: none; }
  .tags a::before { content: '#'; content: '#' / ''; }
  .entry { padding-block: 0.5rem; border-bottom: 1px solid var(--line); }
  .skip { position: absolute; left: -100vw; }
  .skip:focus { left: 1rem; }
`)
