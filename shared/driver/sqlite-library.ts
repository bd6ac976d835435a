import { existsSync } from 'node:fs'
import { posix, win32 } from 'node:path'

/** What the search looks at. Tests hand in another machine. */
export interface Machine {
  readonly platform: NodeJS.Platform
  readonly arch: string
  readonly env: NodeJS.ProcessEnv
  exists(path: string): boolean
}

/** No SQLite library was found. The message says where the search looked and what to install. */
export class SqliteLibraryNotFoundError extends Error {
  override readonly name = 'SqliteLibraryNotFoundError'

  constructor(looked: readonly string[], advice: string) {
    super(
      `Found no SQLite library on this machine. Looked for ${looked.join(', ')}.\n` +
        'Stage 01 calls the C library itself, which some systems come without.\n' +
        advice,
    )
  }
}

/**
 * Finds the SQLite C library, as a path that a loader of shared libraries can open.
 *
 * The variable `SQLITE_LIBRARY` decides when it is set; otherwise the first of this system's usual places.
 *
 * @example
 * findSqliteLibrary() // '/usr/lib/x86_64-linux-gnu/libsqlite3.so.0'
 *
 * @throws {SqliteLibraryNotFoundError} when there is none, with what to install on this system.
 */
export function findSqliteLibrary(machine: Machine = thisMachine): string {
  const chosen = machine.env.SQLITE_LIBRARY
  if (chosen) return chosenLibrary(chosen, machine)
  if (machine.platform === 'darwin') return macosLibrary
  const places = machine.platform === 'win32' ? windowsPlaces(machine.env) : linuxPlaces(machine)
  const found = places.find((place) => machine.exists(place))
  if (!found) throw new SqliteLibraryNotFoundError(places, howToInstall(machine.platform))
  return found
}

const thisMachine: Machine = {
  platform: process.platform,
  arch: process.arch,
  env: process.env,
  exists: existsSync,
}

function chosenLibrary(path: string, machine: Machine): string {
  const bareName = !/[\\/]/.test(path) // the loader knows where to look for such a name
  if (bareName || machine.exists(path)) return path
  throw new SqliteLibraryNotFoundError(
    [`SQLITE_LIBRARY=${path}`],
    'No file has that name. Give the whole path of the library, or remove the variable.',
  )
}

// Every macOS has it, in a cache of the loader: it opens, though no file of that name exists.
const macosLibrary = '/usr/lib/libsqlite3.dylib'

// winsqlite3.dll comes with Windows 10 and later. Microsoft compiled it as __stdcall, the official sqlite3.dll is
// __cdecl: that differs on 32-bit Windows only, for which there is no current Node. On x64 and arm64 they are the same.
function windowsPlaces(env: NodeJS.ProcessEnv): readonly string[] {
  const system = win32.join(env.SystemRoot ?? 'C:\\Windows', 'System32', 'winsqlite3.dll')
  const folders = (env.Path ?? env.PATH ?? '').split(';').filter(Boolean)
  return [system, ...folders.map((folder) => win32.join(folder, 'sqlite3.dll'))]
}

const linuxTriplets: Readonly<Record<string, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  arm: 'arm-linux-gnueabihf',
  riscv64: 'riscv64-linux-gnu',
}

function linuxPlaces({ arch, env }: Machine): readonly string[] {
  const triplet = linuxTriplets[arch] ?? `${arch}-linux-gnu`
  const own = (env.LD_LIBRARY_PATH ?? '').split(':').filter(Boolean)
  const usual = [
    `/usr/lib/${triplet}`,
    `/lib/${triplet}`,
    '/usr/lib64',
    '/lib64',
    '/usr/lib',
    '/lib',
  ]
  const folders = [...own, ...usual, '/usr/local/lib', '/run/current-system/sw/lib']
  return folders.flatMap((folder) =>
    ['libsqlite3.so.0', 'libsqlite3.so'].map((file) => posix.join(folder, file)),
  )
}

function howToInstall(platform: NodeJS.Platform): string {
  const elsewhere = 'Or set SQLITE_LIBRARY to the path of a library that you have.'
  if (platform === 'win32') {
    return `Put sqlite3.dll (https://sqlite.org/download.html) in a folder on PATH. ${elsewhere}`
  }
  const packages =
    'apt install libsqlite3-0 · dnf install sqlite-libs · pacman -S sqlite · apk add sqlite-libs'
  return `Install it: ${packages}. ${elsewhere}`
}
