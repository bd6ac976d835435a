import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Where systems keep a browser that playwright-core can drive. */
const usualPlaces: readonly string[] = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => {
    const folder = process.env[name]
    if (!folder) return []
    return [
      join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]
  }),
]

/** The browser of this machine: what CHROMIUM_PATH names, or else the first one in the usual places. */
export function findBrowser(): string | undefined {
  const named = process.env.CHROMIUM_PATH
  return named ? named : usualPlaces.find((place) => existsSync(place))
}

export const noBrowser =
  'No Chromium, Chrome or Edge was found on this machine, so nothing was tested in a browser. ' +
  'Install one (Debian: apt-get install chromium), or say where it is: CHROMIUM_PATH=/path/to/chromium.'
