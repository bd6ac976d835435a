import type { Column, ColumnBuilder } from './column.ts'

/** What a model declares: its properties, each with a column. */
export type Shape = Record<string, ColumnBuilder<any, boolean, boolean>>

type ValueOf<C> = C extends ColumnBuilder<infer T, boolean, boolean> ? T : never
type OptionalProperty<S> = {
  [P in keyof S]: S[P] extends ColumnBuilder<any, true, boolean> ? P : never
}[keyof S]
type KeyProperty<S> = {
  [P in keyof S]: S[P] extends ColumnBuilder<any, boolean, true> ? P : never
}[keyof S]

/** What an object of the class holds: a property for each column. */
export type Properties<S> = { -readonly [P in keyof S]: ValueOf<S[P]> }

/** What `new User({…})` takes: columns without a default must be there, unknown ones must not. */
export type Insert<S> = { [P in Exclude<keyof S, OptionalProperty<S>>]: ValueOf<S[P]> } & {
  [P in OptionalProperty<S>]?: ValueOf<S[P]> | undefined
}

/** The columns by property: `User.c.age`. */
export type Columns<S> = { readonly [P in keyof S]: Column<ValueOf<S[P]>> }

/** What tells two rows apart: the value of the key, or an object when the key has several columns. */
export type Key<S> =
  IsUnion<KeyProperty<S>> extends true
    ? { readonly [P in KeyProperty<S>]: ValueOf<S[P]> }
    : ValueOf<S[KeyProperty<S>]>

type IsUnion<T, Whole = T> = T extends T ? ([Whole] extends [T] ? false : true) : never
