import type { ColumnShape } from '../mapping/types.ts'
import type { ColumnExpressions } from '../query/columns.ts'
import type { Collection } from './collection.ts'
import type { RelatedQuery } from './related-query.ts'

declare const shape: unique symbol

/** Says the declaration of an object to the compiler of TypeScript. It holds nothing when the program runs. */
export interface Declared<S> {
  readonly [shape]?: S
}

export type ShapeOf<T> = T extends Declared<infer S> ? S : never

type RelationProperty<S> = {
  [P in keyof S]: S[P] extends () => any ? P : never
}[keyof S]

type HeldBy<R> = R extends () => { readonly related: infer T } ? T : never

/** A relation that may not be loaded: await it, or ask for it with `with`. To await what is loaded is right as well. */
export type Lazy<T> = T | (PromiseLike<T> & WithoutLoading<T>)

/** What a collection can do before it is loaded. */
type WithoutLoading<T> =
  T extends Collection<infer Item>
    ? Pick<Collection<Item>, 'add' | 'remove' | 'isLoaded'> & { count(): Promise<number> }
    : unknown

/** What the relations of an object hold, loaded or not: a collection, an object, or null where there may be none. */
export type Related<S> = { -readonly [P in RelationProperty<S>]: Lazy<HeldBy<S[P]>> }

/** An object whose relations were loaded as `with` says: they need no `await`. */
export type Loaded<T, W> = T & {
  readonly [P in keyof W & RelationProperty<ShapeOf<T>>]: Filled<HeldBy<ShapeOf<T>[P]>, W[P]>
}

type Filled<R, W> = W extends object
  ? W extends (...given: never) => unknown
    ? R
    : R extends Collection<infer T>
      ? Collection<Loaded<T, W>>
      : R extends null
        ? null
        : Loaded<R, W>
  : R

/** The objects that `new Post({ …, author: alice })` takes. */
export type Given<S> = { readonly [P in RelationProperty<S>]?: ToOne<HeldBy<S[P]>> | undefined }

type ToOne<T> = T extends Collection<any> ? never : T

/**
 * Which relations to load: `true`, the relations to load of the related objects in turn, or for a collection a query that says which ones.
 *
 * @example
 * { profile: true, posts: { comments: true } }
 * { posts: (posts) => posts.where((p) => p.published.eq(true)).limit(3) }
 */
export type With<T> = {
  readonly [P in RelationProperty<ShapeOf<T>>]?: Wanted<HeldBy<ShapeOf<T>[P]>>
}

type Wanted<R> =
  R extends Collection<infer T>
    ? true | With<T> | ((query: RelatedQuery<T>) => RelatedQuery<T>)
    : true | With<NonNullable<R>>

/**
 * Which relations to one object to load in the same statement, and theirs in turn.
 *
 * @example
 * { author: { profile: true } }
 */
export type Joined<T> = {
  readonly [P in RelationProperty<ShapeOf<T>>]?: HeldBy<ShapeOf<T>[P]> extends Collection<any>
    ? never
    : true | Joined<NonNullable<HeldBy<ShapeOf<T>[P]>>>
}

/** The collections of an object whose sizes can be counted. */
export type WithCount<T> = {
  readonly [P in RelationProperty<ShapeOf<T>>]?: HeldBy<ShapeOf<T>[P]> extends Collection<any>
    ? true
    : never
}

/** The relations of an object, by name. */
export type RelationName<T> = RelationProperty<ShapeOf<T>>

/** The columns of the objects that a relation leads to. */
export type RelatedColumns<T, P extends RelationName<T>> = ColumnsOf<
  TargetOf<HeldBy<ShapeOf<T>[P]>>
>

type TargetOf<R> = R extends Collection<infer T> ? T : NonNullable<R>

/** The columns of an object's class, as the functions of a query get them. */
export type ColumnsOf<T> = ColumnExpressions<ColumnShape<ShapeOf<T>>>
