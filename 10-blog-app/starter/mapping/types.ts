import type { Column, ColumnBuilder } from './column.ts'

/**
 * What a model declares: its properties, each with a column, or with a function that gives a relation.
 * The function says `any`, because TypeScript must not look into it while it works out the class that it stands in.
 */
export type Shape = Record<string, ColumnBuilder<any, boolean, boolean> | (() => any)>

/** The part of a declaration that becomes columns. */
export type ColumnShape<S> = { [P in ColumnProperty<S>]: S[P] }

type ColumnProperty<S> = {
  [P in keyof S]: S[P] extends ColumnBuilder<any, boolean, boolean> ? P : never
}[keyof S]

type ValueOf<C> = C extends ColumnBuilder<infer T, boolean, boolean> ? T : never
type OptionalProperty<S> = {
  [P in keyof S]: S[P] extends ColumnBuilder<any, true, boolean> ? P : never
}[keyof S]
type KeyProperty<S> = {
  [P in keyof S]: S[P] extends ColumnBuilder<any, boolean, true> ? P : never
}[keyof S]

/** What an object of the class holds: a property for each column. */
export type Properties<S> = { -readonly [P in ColumnProperty<S>]: ValueOf<S[P]> }

/** What `new User({…})` takes: columns without a default must be there, unknown ones must not. */
export type Insert<S> = {
  [P in Exclude<ColumnProperty<S>, OptionalProperty<S>>]: ValueOf<S[P]>
} & {
  [P in OptionalProperty<S>]?: ValueOf<S[P]> | undefined
}

/** The columns by property: `User.c.age`. */
export type Columns<S> = { readonly [P in ColumnProperty<S>]: Column<ValueOf<S[P]>> }

/** What tells two rows apart: the value of the key, or an object when the key has several columns. */
export type Key<S> =
  IsUnion<KeyProperty<S>> extends true
    ? { readonly [P in KeyProperty<S>]: ValueOf<S[P]> }
    : ValueOf<S[KeyProperty<S>]>

type IsUnion<T, Whole = T> = T extends T ? ([Whole] extends [T] ? false : true) : never
