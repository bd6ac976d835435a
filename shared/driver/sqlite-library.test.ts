import koffi from 'koffi'
import { describe, expect, it } from 'vitest'
import { findSqliteLibrary, type Machine, SqliteLibraryNotFoundError } from './sqlite-library.ts'

const machine = (platform: NodeJS.Platform, files: string[], env = {}): Machine => ({
  platform,
  arch: 'x64',
  env,
  exists: (path) => files.includes(path),
})

describe('findSqliteLibrary', () => {
  it('finds a library on this machine that has the C API', () => {
    const version = koffi.load(findSqliteLibrary()).func('const char *sqlite3_libversion()')

    expect(version()).toMatch(/^3\.\d+\.\d+/)
  })

  it('lets SQLITE_LIBRARY decide', () => {
    const files = ['/opt/mine.so', '/usr/lib/libsqlite3.so.0']
    const chosen = machine('linux', files, { SQLITE_LIBRARY: '/opt/mine.so' })

    expect(findSqliteLibrary(chosen)).toBe('/opt/mine.so')
  })

  it('hands a bare name to the loader', () => {
    const chosen = machine('linux', [], { SQLITE_LIBRARY: 'libsqlite3.so.0' })

    expect(findSqliteLibrary(chosen)).toBe('libsqlite3.so.0')
  })

  it('refuses a SQLITE_LIBRARY that is not there, and says so', () => {
    const chosen = machine('linux', ['/usr/lib/libsqlite3.so.0'], { SQLITE_LIBRARY: '/gone.so' })

    expect(() => findSqliteLibrary(chosen)).toThrow(
      /SQLITE_LIBRARY=\/gone\.so[\s\S]*remove the variable/,
    )
  })

  it.each([
    ['/usr/lib/x86_64-linux-gnu/libsqlite3.so.0'], // Debian, Ubuntu
    ['/usr/lib64/libsqlite3.so.0'], // Fedora
    ['/usr/lib/libsqlite3.so.0'], // Arch, Alpine
  ])('knows %s on Linux', (path) => {
    expect(findSqliteLibrary(machine('linux', [path]))).toBe(path)
  })

  it("takes macOS's own, which no file shows", () => {
    expect(findSqliteLibrary(machine('darwin', []))).toBe('/usr/lib/libsqlite3.dylib')
  })

  it('takes the library of Windows, or a sqlite3.dll on PATH', () => {
    const system = 'C:\\Windows\\System32\\winsqlite3.dll'
    const env = { SystemRoot: 'C:\\Windows', Path: 'C:\\bin;D:\\sqlite' }

    expect(findSqliteLibrary(machine('win32', [system], env))).toBe(system)
    expect(findSqliteLibrary(machine('win32', ['D:\\sqlite\\sqlite3.dll'], env))).toBe(
      'D:\\sqlite\\sqlite3.dll',
    )
  })

  it.each([
    ['linux', /apt install libsqlite3-0/],
    ['win32', /sqlite\.org\/download/],
  ] as const)('says what to install on %s when there is none', (platform, advice) => {
    const search = () => findSqliteLibrary(machine(platform, []))

    expect(search).toThrow(SqliteLibraryNotFoundError)
    expect(search).toThrow(advice)
  })
})
