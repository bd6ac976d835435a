import { describe, expect, it } from 'vitest'
import { canonicalExpression, canonicalType } from '#stage/07-migrations'

const same: readonly (readonly [written: string, read: string])[] = [
  ['age >= 0', '(age >= 0)'],
  ["name LIKE 'A%'", "(name ~~ 'A%'::text)"],
  ["name NOT LIKE 'A%'", "((name)::text !~~ 'A%'::text)"],
  ["name ILIKE 'a%'", "(name ~~* 'a%'::text)"],
  [
    "size IN ('s', 'l')",
    "((size)::text = ANY ((ARRAY['s'::character varying, 'l'::character varying])::text[]))",
  ],
  ["size NOT IN ('s', 'l')", "(size <> ALL (ARRAY['s'::text, 'l'::text]))"],
  ["size IN ('s, l')", "(size = 's, l'::text)"],
  ['n BETWEEN 1 AND 5', '((n >= 1) AND (n <= 5))'],
  ['n NOT BETWEEN 1 AND 5', '((n < 1) OR (n > 5))'],
  ['a = 1 OR b = 2 AND NOT c = 3', '((a = 1) OR ((b = 2) AND (NOT (c = 3))))'],
  ['a + b * 2 - 1 > c || d', '(((a + (b * 2)) - 1) > (c || d))'],
  ['n > -5', "(n > '-5'::integer)"],
  ['n > -5', '(n > (-5))'],
  ['r > 1.50', '(r > (1.5)::double precision)'],
  ['n != 1', '(n <> 1)'],
  ['n ISNULL', '(n IS NULL)'],
  ['n IS NOT NULL', '(n IS NOT NULL)'],
  ['a IS DISTINCT FROM b', '(a IS DISTINCT FROM b)'],
  ['"name" = Upper( name )', '(name = upper(name))'],
  ['users.age > 1', '(age > 1)'],
  ['CAST(a AS TEXT) = b', '((a)::text = b)'],
  [
    'CASE WHEN a THEN 1 ELSE length(b) END = 1',
    '(\nCASE\n    WHEN a THEN 1\n    ELSE length(b)\nEND = 1)',
  ],
  ["at > '2026-01-05T09:00:00Z'", "(at > '2026-01-05 10:00:00+01'::timestamp with time zone)"],
  ["now() + interval '1 day'", "(now() + '1 day'::interval)"],
  ['now()', 'now()'],
  ["data ->> 'a' = 'b'", "((data ->> 'a'::text) = 'b'::text)"],
]

describe('Given: one spelling for expressions', () => {
  it.each(same)('%s is the same as %s', (written, read) => {
    expect(canonicalExpression(read)).toBe(canonicalExpression(written))
  })

  it.each([
    ['a > 1', 'a >= 1'],
    ["a = 'x'", "a = 'X'"],
    ["a = '5'", 'a = 5'],
    ['a = 1 AND (b = 2 OR c = 3)', 'a = 1 AND b = 2 OR c = 3'],
    ['a - (b - c) = 1', 'a - b - c = 1'],
    ["a IN ('x', 'y')", "a NOT IN ('x', 'y')"],
    ['"A" = 1', 'a = 1'],
    ["a = 'it''s'", "a = 'its'"],
    ['NOT (a = 1) OR b = 2', 'NOT (a = 1 OR b = 2)'],
  ])('%s is not the same as %s', (one, other) => {
    expect(canonicalExpression(one)).not.toBe(canonicalExpression(other))
  })

  it('leaves what it does not know as it is, but for white space', () => {
    expect(canonicalExpression('a  OVERLAPS\n(b) ???')).toBe('a OVERLAPS ( b ) ? ? ?')
  })

  it.each([
    ['TIMESTAMP WITH TIME ZONE', 'timestamptz'],
    ['character varying(80)', 'varchar(80)'],
    ['NUMERIC (10, 2)', 'numeric(10,2)'],
    ['INT', 'integer'],
    ['double  precision', 'double precision'],
    ['character varying(80)[]', 'varchar(80)[]'],
    ['"Mood"', '"Mood"'],
  ])('knows the type %s as %s', (written, name) => {
    expect(canonicalType(written)).toBe(name)
  })
})
