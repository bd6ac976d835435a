import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { raised } from '#shared/testing/raised'
import {
  BrokenChainError,
  checksumOf,
  formatMigration,
  headsOf,
  inOrder,
  parseMigration,
  pendingOf,
  prepareHistory,
  problemsOf,
  readHistory,
} from '#stage/07-migrations'
import { email, fileText, migration, openProject, users } from './project.ts'

const first = migration('0001_create_users')
const second = migration('0002_add_email', { after: ['0001_create_users'] })
const other = migration('0002_add_age', { after: ['0001_create_users'] })
const merge = migration('0003_merge', { after: ['0002_add_age', '0002_add_email'] })

const at = new Date('2026-05-01T09:00:00Z')
const applied = (...names: string[]) =>
  names.map((name) => ({ name, checksum: `checksum of ${name}`, appliedAt: at }))

const names = (list: readonly { name: string }[]) => list.map(({ name }) => name)

describe('Task 6: know the history', () => {
  describe('a file', () => {
    it('says what it comes after, and both ways', () => {
      const text =
        '-- after: 0001_a, 0002_b\n-- no transaction\n\n-- up\nSELECT 1;\nSELECT 2;\n' +
        '-- down\n-- data loss: All of it.\nSELECT 3;\n'

      expect(parseMigration('0003_merge', text)).toEqual({
        name: '0003_merge',
        after: ['0001_a', '0002_b'],
        isTransactional: false,
        up: { statements: ['SELECT 1', 'SELECT 2'], losses: [], locks: [] },
        down: { statements: ['SELECT 3'], losses: ['All of it.'], locks: [] },
        checksum: checksumOf(text),
      })
    })

    it('is read as it was written', () => {
      const part = {
        statements: ['SELECT 1 -- one', "SELECT '-- down'"],
        losses: ['a', 'b'],
        locks: ['c'],
      }
      const written = { after: ['0001_a'], isTransactional: true, up: part, down: part }

      expect(parseMigration('0002_b', formatMigration(written))).toMatchObject(written)
    })

    it('reads the line endings of Windows, and the mark that some editors put first', () => {
      const text = '\uFEFF-- after: 0001_a\r\n-- up\r\nSELECT 1;\r\n-- down\r\n'

      expect(parseMigration('0002_b', text)).toMatchObject({
        after: ['0001_a'],
        up: { statements: ['SELECT 1'] },
        down: { statements: [] },
      })
    })

    it('has no way back when it has no down part, which is not the same as an empty one', () => {
      expect(parseMigration('0001_a', '-- up\nSELECT 1;').down).toBeUndefined()
      expect(parseMigration('0001_a', '-- up\n-- down').down).toMatchObject({ statements: [] })
    })

    it('does not take a mark inside of a text for one', () => {
      const text = "-- up\nINSERT INTO notes VALUES ('\n-- down\n');"

      expect(parseMigration('0001_a', text)).toMatchObject({
        up: { statements: ["INSERT INTO notes VALUES ('\n-- down\n')"] },
        down: undefined,
      })
    })

    it.each([
      ['no marks', 'SELECT 1;'],
      ['down before up', '-- down\n-- up\n'],
      ['up twice', '-- up\n-- up\n'],
      ['down twice', '-- up\n-- down\n-- down\n'],
    ])('is refused with %s', async (_, text) => {
      const project = openProject()
      project.write('0002_b', text)
      project.write('0001_a', fileText({}))

      expect(await project.tool('migrate', '--fake', '0001')).toBe(1)
      expect(project.output()).toMatch(/0002_b.sql has the marks: .*needs a line `-- up`/)
    })

    it.each(['BEGIN', 'COMMIT', 'end transaction', 'ROLLBACK', 'START TRANSACTION'])(
      'is refused when it says %s: the tool has the transaction',
      async (sql) => {
        const project = openProject()
        project.write('0001_a', fileText({ up: ['SELECT 1', sql, 'SELECT 2'] }))

        expect(await project.tool('status')).toBe(1)
        expect(project.output()).toContain(`0001_a.sql says ${sql}.`)
      },
    )

    it('may have savepoints, and anything where it wants no transaction', () => {
      const up = ['SAVEPOINT a', 'ROLLBACK TO a', 'rollback transaction to a', 'RELEASE a']
      const free = fileText({ up: ['BEGIN', 'COMMIT'], isTransactional: false })

      expect(parseMigration('0001_a', fileText({ up })).up.statements).toEqual(up)
      expect(parseMigration('0001_a', free).up.statements).toEqual(['BEGIN', 'COMMIT'])
    })

    it('keeps a warning in one line: what follows a line break would be run', () => {
      const part = { statements: [], losses: ['all\nDROP TABLE users;'], locks: ['a\r\nb'] }
      const text = formatMigration({ after: [], isTransactional: true, up: part, down: part })

      expect(parseMigration('0001_a', text).up).toEqual({
        statements: [],
        losses: ['all DROP TABLE users;'],
        locks: ['a b'],
      })
    })

    it.each(['1_users.sql', 'users.sql', '0001 users.sql'])(
      'is refused with the name %s',
      async (name) => {
        const project = openProject()
        project.write('0001_a', fileText({}))
        expect(await project.tool('migrate', '--fake', '0001')).toBe(0)
        project.write(name.replace('.sql', ''), fileText({}))

        expect(await project.tool('migrate', '--fake', '0001')).toBe(1)
        expect(project.output()).toContain(`"${name}" is no name for a migration`)
      },
    )

    it('may stand beside files of other kinds', async () => {
      const project = openProject()
      project.write('0001_a', fileText({}))
      writeFileSync(join(project.folder, 'README.md'), 'how we write migrations')

      expect(await project.tool('migrate', '--fake', '0001')).toBe(0)
    })
  })

  describe('the checksum', () => {
    it('is the same for the same text', () => {
      expect(checksumOf('-- up\n')).toBe(checksumOf('-- up\n'))
      expect(checksumOf('-- up\n')).toMatch(/^[0-9a-f]{64}$/)
    })

    it('is another one when a letter is another', () => {
      expect(checksumOf('DROP TABLE a;')).not.toBe(checksumOf('DROP TABLE b;'))
    })

    it('is the same with the line endings of Windows', () => {
      expect(checksumOf('-- up\r\nDROP TABLE a;\r\n')).toBe(checksumOf('-- up\nDROP TABLE a;\n'))
    })

    it('sees a new line that was added: only its kind does not count', () => {
      expect(checksumOf('-- up\n\n')).not.toBe(checksumOf('-- up\n'))
    })

    it('sees a blank at the end of a line: it may stand inside of a text', () => {
      expect(checksumOf("-- up\nSELECT 'a \nb';\n")).not.toBe(checksumOf("-- up\nSELECT 'a\nb';\n"))
    })
  })

  describe('the order', () => {
    it('follows what each migration says it comes after', () => {
      expect(names(inOrder([second, first]))).toEqual(['0001_create_users', '0002_add_email'])
    })

    it('does not follow the numbers: a parent may have the higher one', () => {
      const late = migration('0001_late', { after: ['0009_early'] })

      expect(names(inOrder([late, migration('0009_early')]))).toEqual(['0009_early', '0001_late'])
    })

    it('puts both branches before the migration that merges them, by name', () => {
      expect(names(inOrder([merge, second, other, first]))).toEqual([
        '0001_create_users',
        '0002_add_age',
        '0002_add_email',
        '0003_merge',
      ])
    })

    it.each([
      ['0002_a, 0003_b', ['0002_a', '0003_b']],
      ['0003_b, 0002_a', ['0003_b', '0002_a']],
    ])('puts a merge behind all its parents: %s', (_, after) => {
      const child = migration('0001_merge', { after })
      const given = [child, migration('0002_a'), migration('0003_b')]

      expect(names(inOrder(given))).toEqual(['0002_a', '0003_b', '0001_merge'])
    })

    it('takes the first by name of all that could come next, each time anew', () => {
      const given = [
        migration('0001_late', { after: ['0009_early'] }),
        migration('0005_middle'),
        migration('0006_next', { after: ['0005_middle'] }),
        migration('0009_early'),
      ]

      expect(names(inOrder(given))).toEqual(['0005_middle', '0006_next', '0009_early', '0001_late'])
    })

    it('leaves the list that it was given as it is', () => {
      const given = [second, first]

      inOrder(given)

      expect(given).toEqual([second, first])
    })

    it('is empty where nothing is', () => {
      expect(inOrder([])).toEqual([])
    })

    it('refuses a migration whose parent is not there, and names both', () => {
      const error = raised(() => inOrder([second]))

      expect(error).toBeInstanceOf(BrokenChainError)
      expect(error).toHaveProperty(
        'message',
        expect.stringMatching(/0002_add_email comes after 0001_create_users, which is not/),
      )
    })

    it.each([
      ['itself', [migration('0001_a', { after: ['0001_a'] })]],
      [
        'one that comes after it',
        [migration('0001_a', { after: ['0002_b'] }), migration('0002_b', { after: ['0001_a'] })],
      ],
    ])('refuses a migration that comes after %s', (_, circle) => {
      expect(raised(() => inOrder(circle))).toBeInstanceOf(BrokenChainError)
    })

    it('names those that wait for each other, and not those that had their turn', () => {
      const circle = [
        migration('0001_start'),
        migration('0002_a', { after: ['0001_start', '0003_b'] }),
        migration('0003_b', { after: ['0002_a'] }),
      ]

      const { message } = raised(() => inOrder(circle)) as Error

      expect(message).toContain('0002_a, 0003_b')
      expect(message).not.toContain('0001_start')
    })
  })

  describe('the ends', () => {
    it('are one in a history without a fork', () => {
      expect(headsOf([first, second])).toEqual([second])
    })

    it('are two when two branches have added a migration each', () => {
      expect(headsOf([first, other, second])).toEqual([other, second])
    })

    it('are one again after the merge', () => {
      expect(headsOf([first, other, second, merge])).toEqual([merge])
    })
  })

  describe('what is pending', () => {
    it('is what the database does not have, in order', () => {
      const progress = { migrations: [first, second], applied: applied() }

      expect(pendingOf(progress)).toEqual([first, second])
    })

    it('is nothing when all are applied', () => {
      const progress = { migrations: [first], applied: applied('0001_create_users') }

      expect(pendingOf(progress)).toEqual([])
    })

    it('is not what has begun and never ended: it is in the database, and a person has to look', () => {
      const begun = [{ ...applied('0001_create_users')[0]!, appliedAt: undefined }]

      expect(pendingOf({ migrations: [first, second], applied: begun })).toEqual([second])
    })

    it('is also what lies below the highest number that was applied: a branch that was merged later', () => {
      const progress = {
        migrations: [first, other, second, merge],
        applied: applied('0001_create_users', '0002_add_email'),
      }

      expect(names(pendingOf(progress))).toEqual(['0002_add_age', '0003_merge'])
    })
  })

  describe('what is wrong', () => {
    it('is nothing when files and history agree, and some are still pending', () => {
      const progress = { migrations: [first, second], applied: applied('0001_create_users') }

      expect(problemsOf(progress)).toEqual([])
    })

    it('is a file that was edited after it was applied', () => {
      const edited = { ...first, checksum: 'another' }
      const progress = { migrations: [edited], applied: applied('0001_create_users') }

      expect(problemsOf(progress)).toEqual([
        expect.stringMatching(/^0001_create_users was edited after it was applied \(2026-05-01\)/),
      ])
    })

    it('is a file that is gone', () => {
      const progress = { migrations: [], applied: applied('0001_create_users') }

      expect(problemsOf(progress)).toEqual([
        expect.stringMatching(/^0001_create_users was applied .* its file is not in the folder/),
      ])
    })

    it('is a migration that has begun and never ended, also when its file has been edited since', () => {
      const begun = [{ name: first.name, checksum: 'another', appliedAt: undefined }]

      expect(problemsOf({ migrations: [first], applied: begun })).toEqual([
        expect.stringMatching(/^0001_create_users has begun, and never ended/),
      ])
    })

    it('is everything at once: each problem is told', () => {
      const edited = { ...second, checksum: 'another' }
      const progress = {
        migrations: [edited],
        applied: applied('0001_create_users', '0002_add_email'),
      }

      expect(problemsOf(progress)).toHaveLength(2)
    })
  })

  describe('migrate, before it runs anything', () => {
    it('stops at an edited migration, and says what to do', async () => {
      const project = openProject()
      project.write('0001_create_users', fileText({ up: [users] }))
      await project.tool('migrate', '--fake', '0001')
      project.write('0001_create_users', fileText({ up: [email] }))
      project.output()

      expect(await project.tool('migrate')).toBe(1)
      expect(project.output()).toContain('Put the file back as it was')
    })

    it('goes on after a checkout that has changed the line endings', async () => {
      const project = openProject()
      const text = fileText({ up: [users] })
      project.write('0001_create_users', text)
      await project.tool('migrate', '--fake', '0001')
      project.write('0001_create_users', text.replaceAll('\n', '\r\n'))

      expect(await project.tool('migrate')).toBe(0)
    })

    it('stops at a fork, names both ends, and joins them with --merge', async () => {
      const project = openProject()
      const after = ['0001_create_users']
      project.write('0001_create_users', fileText({ up: [users] }))
      project.write('0002_add_email', fileText({ after, up: [email] }))
      project.write('0002_add_age', fileText({ after, up: [] }))

      expect(await project.tool('migrate')).toBe(1)
      expect(project.output()).toMatch(/0002_add_age and in 0002_add_email.*--merge/s)
      expect(await project.tool('makemigrations', '--merge')).toBe(0)
      expect(project.read('0003_merge')).toContain('-- after: 0002_add_age, 0002_add_email\n')
    })

    it('stops at a missing migration, and goes on when it is forgotten', async () => {
      const project = openProject()
      prepareHistory(project.db)
      project.db.run("INSERT INTO schema_versions VALUES ('0001_gone', 'x', '2026-05-01')")

      expect(await project.tool('migrate')).toBe(1)
      expect(project.output()).toContain('Bring the file back')
      expect(await project.tool('rollback', '--fake', '0001')).toBe(0)
      expect(await project.tool('migrate')).toBe(0)
      expect(readHistory(project.db)).toEqual([])
    })

    it('lists in status what is applied and what is not', async () => {
      const project = openProject()
      project.write('0001_create_users', fileText({ up: [users] }))
      project.write('0002_add_email', fileText({ after: ['0001_create_users'], up: [email] }))
      await project.tool('migrate', '--fake', '1')
      project.output()

      expect(await project.tool('status')).toBe(0)
      expect(project.output()).toBe(
        '[x] 0001_create_users  2026-05-01 09:00:00\n[ ] 0002_add_email',
      )
    })
  })
})
