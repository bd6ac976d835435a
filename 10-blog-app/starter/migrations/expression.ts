/**
 * An expression of SQL in one spelling, so that two of them can be compared. Databases do not keep what was written:
 * PostgreSQL gives `age >= 0` back as `(age >= 0)`, `name LIKE 'A%'` as `(name ~~ 'A%'::text)`,
 * `size IN ('s', 'l')` as `(size = ANY (ARRAY['s'::text, 'l'::text]))`.
 *
 * What this parser does not know stays as it is, without its white space.
 *
 * @example
 * canonicalExpression("(size = ANY (ARRAY['s'::text, 'l'::text]))") // (size in ('s', 'l'))
 *
 * @see https://en.wikipedia.org/wiki/Operator-precedence_parser#Pratt_parsing
 */
export function canonicalExpression(sql: string): string {
  const tokens = sql.match(shapes)?.filter((token) => token.trim() !== '') ?? []
  const reader = new Reader(tokens)
  try {
    const read = reader.expression()
    return reader.isAtEnd ? read : tokens.join(' ')
  } catch (error) {
    if (error instanceof UnknownSyntax) return tokens.join(' ')
    throw error
  }
}

const shapes =
  /\s+|'(?:[^']|'')*'|"(?:[^"]|"")*"|\d+(?:\.\d+)?(?:e[+-]?\d+)?|[\p{L}_][\p{L}\p{N}_$]*|::|!~~\*|!~~|~~\*|~~|<>|!=|<=|>=|==|\|\||->>|->|[\s\S]/giu

class UnknownSyntax extends Error {}

/** `interval '1 day'` is another way to write a cast. */
const types = new Set(['interval', 'date', 'time', 'timestamp', 'timestamptz'])

/** How strongly an operator binds: `a OR b AND c` is `a OR (b AND c)`. */
const powers: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  not: 3,
  ...Object.fromEntries(
    ['=', '==', '<>', '!=', '<', '>', '<=', '>=', 'is', 'isnull', 'notnull'].map((one) => [one, 4]),
  ),
  ...Object.fromEntries(
    ['in', 'like', 'ilike', 'glob', 'between', '~~', '!~~', '~~*', '!~~*'].map((one) => [one, 5]),
  ),
  '||': 6,
  '->': 6,
  '->>': 6,
  '+': 7,
  '-': 7,
  '*': 8,
  '/': 8,
  '%': 8,
  '::': 10,
}

const unary = 9

/** Operators with more than one spelling. */
const spellings: Readonly<Record<string, string>> = {
  '==': '=',
  '!=': '<>',
  '~~': 'like',
  '!~~': 'not like',
  '~~*': 'ilike',
  '!~~*': 'not ilike',
}

class Reader {
  readonly #tokens: readonly string[]
  #at = 0

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length
  }

  expression(power = 0): string {
    let left = this.#operand()
    while (this.#power() > power) left = this.#operation(left)
    return left
  }

  #operand(): string {
    const token = this.#next()
    const word = token.toLowerCase()
    if (token === '(') return this.#group()
    if (token === '-') return negative(this.expression(unary))
    if (word === 'not') return `(not ${this.expression(powers.not)})`
    if (word === 'case') return this.#case()
    if (word === 'cast') return this.#cast()
    if (word === 'array') return `array${this.#list('[', ']')}`
    if (/^\d/.test(token)) return number(token)
    if (/^'/.test(token)) return moment(token)
    if (/^["\p{L}_]/u.test(token)) return this.#named(token)
    throw new UnknownSyntax()
  }

  #operation(left: string): string {
    const power = this.#power()
    const isNot = this.#take('not')
    const token = this.#next().toLowerCase()
    const not = isNot ? 'not ' : ''
    if (token === '::') return retyped(left, this.#type())
    if (token === 'is') return `(${left} is ${this.#take('not') ? 'not ' : ''}${this.#is()})`
    if (token === 'isnull') return `(${left} is null)`
    if (token === 'notnull') return `(${left} is not null)`
    if (token === 'in') return oneOf(left, isNot, this.#list('(', ')'))
    if (token === 'between') return this.#between(left, isNot)
    if (token === '=' && this.#take('any')) return oneOf(left, false, this.#array())
    if (token === '<>' && this.#take('all')) return oneOf(left, true, this.#array())
    const right = this.expression(power)
    return `(${left} ${not}${spellings[token] ?? token} ${right})`
  }

  #power(): number {
    const token = this.#peek()
    return powers[token === 'not' ? this.#peek(1) : token] ?? 0
  }

  /** Parentheses: around one expression they say nothing, around several they are a row. */
  #group(): string {
    const parts = [this.expression()]
    while (this.#take(',')) parts.push(this.expression())
    this.#expect(')')
    return parts.length === 1 ? parts[0]! : `(${parts.join(', ')})`
  }

  #list(open: string, close: string): string {
    this.#expect(open)
    const parts: string[] = []
    while (!this.#take(close)) {
      parts.push(this.#take('*') ? '*' : this.expression())
      if (this.#peek() !== close) this.#expect(',')
    }
    return `(${parts.join(', ')})`
  }

  /** `(ARRAY['s'::text, 'l'::text])`, however many casts and parentheses stand around it. */
  #array(): string {
    const array = this.expression(powers['::']! - 1)
    if (!array.startsWith('array(')) throw new UnknownSyntax()
    return array.slice('array'.length)
  }

  #between(left: string, isNot: boolean): string {
    const low = this.expression(powers.between)
    this.#expect('and')
    const high = this.expression(powers.between)
    return isNot
      ? `((${left} < ${low}) or (${left} > ${high}))`
      : `((${left} >= ${low}) and (${left} <= ${high}))`
  }

  #is(): string {
    if (!this.#take('distinct')) return this.expression(powers.is)
    this.#expect('from')
    return `distinct from ${this.expression(powers.is)}`
  }

  #case(): string {
    const parts = ['case']
    while (!this.#take('end')) {
      const isKeyword = ['when', 'then', 'else'].includes(this.#peek())
      parts.push(isKeyword ? this.#next().toLowerCase() : this.expression())
    }
    return `${parts.join(' ')} end`
  }

  #cast(): string {
    this.#expect('(')
    const operand = this.expression()
    this.#expect('as')
    const cast = retyped(operand, this.#type())
    this.#expect(')')
    return cast
  }

  /** A column, a function with its arguments, or a word such as CURRENT_TIMESTAMP. */
  #named(token: string): string {
    const name = identifier(token)
    if (types.has(name) && this.#peek().startsWith("'")) return moment(this.#next())
    if (this.#take('.')) return this.#named(this.#next())
    return this.#peek() === '(' ? `${name}${this.#list('(', ')')}` : name
  }

  #type(): string {
    const words = [this.#next().toLowerCase()]
    while (['precision', 'varying', 'with', 'without', 'time', 'zone'].includes(this.#peek()))
      words.push(this.#next().toLowerCase())
    if (this.#peek() === '(') this.#list('(', ')')
    while (this.#take('[')) this.#expect(']')
    return words.join(' ')
  }

  #peek(ahead = 0): string {
    return this.#tokens[this.#at + ahead]?.toLowerCase() ?? ''
  }

  #next(): string {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw new UnknownSyntax()
    return token
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false
    this.#at++
    return true
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new UnknownSyntax()
  }
}

/** Names without quotes are read in small letters (PostgreSQL) or without regard to them (SQLite). */
function identifier(token: string): string {
  if (!token.startsWith('"')) return token.toLowerCase()
  const name = token.slice(1, -1).replaceAll('""', '"')
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : token
}

const number = (text: string) =>
  /^\d+$/.test(text) ? BigInt(text).toString() : String(Number(text))

/** A text that is a time: PostgreSQL writes it in its own way. Without a zone it is taken as UTC. */
function moment(text: string): string {
  const [, date, time, zone = 'Z'] = text.match(moments) ?? []
  if (!date) return text
  const read = new Date(`${date}T${time ?? '00:00'}${zone.length === 3 ? `${zone}:00` : zone}`)
  return Number.isNaN(read.getTime()) ? text : `'${read.toISOString()}'`
}

const moments =
  /^'(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d(?::?\d\d)?)?)?'$/

const negative = (operand: string) => (/^\d/.test(operand) ? `-${operand}` : `(- ${operand})`)

/** A cast says what the database knows anyway; but `'-5'::integer` is the number. */
function retyped(operand: string, type: string): string {
  const text = operand.match(/^'(-?)(\d+(?:\.\d+)?)'$/)
  if (!text || !/^(smallint|integer|bigint|numeric|real|double|int)/.test(type)) return operand
  return `${text[1]}${number(text[2]!)}`
}

/** A list of one is an equation. */
function oneOf(left: string, isNot: boolean, list: string): string {
  const isSingle = !/,/.test(list.replace(/'(?:[^']|'')*'/g, ''))
  if (isSingle) return `(${left} ${isNot ? '<>' : '='} ${list.slice(1, -1)})`
  return `(${left} ${isNot ? 'not in' : 'in'} ${list})`
}
