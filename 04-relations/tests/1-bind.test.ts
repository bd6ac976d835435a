import { describe, expect, it } from 'vitest'
import { raised } from '#shared/testing/raised'
import {
  belongsTo,
  hasMany,
  inverseOf,
  Model,
  manyToMany,
  Registry,
  type Relation,
  RelationError,
  t,
} from '#stage/04-relations'
import { Comment, open, Post, PostTag, Profile, Tag, User } from './models.ts'

/** `users.id → posts.user_id` */
const ends = ({ from, to }: Relation) => `${from.table}.${from.name} → ${to.table}.${to.name}`

const id = () => t.integer().primaryKey()

/** Two towns for each road, and a declaration that has to say which one is meant. */
function declareRoads(relation: object) {
  const registry = new Registry()
  class Town extends Model('towns', { id: id() }, { registry }) {}
  class Road extends Model(
    'roads',
    {
      id: id(),
      startId: t.integer().references(() => Town.c.id),
      endId: t.integer().references(() => Town.c.id),
      name: t.text(),
      town: () => belongsTo(Town, relation),
    },
    { registry },
  ) {}
  return Road
}

/** A junction of a table with itself: who follows whom. */
function declareFollows(names: object) {
  const registry = new Registry()
  class Person extends Model(
    'people',
    { id: id(), followers: () => manyToMany(Person, { through: () => Follow, ...names }) },
    { registry },
  ) {}
  const person = () => t.integer().references(() => Person.c.id)
  class Follow extends Model(
    'follows',
    { id: id(), followerId: person(), followedId: person() },
    { registry },
  ) {}
  return Person
}

describe('Task 1: bind a relation', () => {
  describe('the two ends', () => {
    it('of belongsTo lead from the foreign key to the column that it references', () => {
      expect(ends(Post.relations.author!)).toBe('posts.user_id → users.id')
    })

    it('of hasMany lead the other way: to the foreign key of the other table', () => {
      expect(ends(Post.relations.comments!)).toBe('posts.id → comments.post_id')
    })

    it('of hasOne are those of hasMany', () => {
      expect(ends(User.relations.profile!)).toBe('users.id → profiles.user_id')
    })

    it('are the very columns of the tables', () => {
      const { from, to } = Profile.relations.user!

      expect(from).toBe(Profile.table.byProperty.userId)
      expect(to).toBe(User.table.byProperty.id)
    })

    it('of a relation to the own table are two columns of it', () => {
      expect(ends(Comment.relations.parent!)).toBe('comments.parent_id → comments.id')
      expect(ends(Comment.relations.answers!)).toBe('comments.id → comments.parent_id')
    })

    it('lead to the column that is referenced, which need not be the primary key', () => {
      const registry = new Registry()
      class Country extends Model(
        'countries',
        { id: id(), code: t.text().unique(), cities: () => hasMany(City) },
        { registry },
      ) {}
      class City extends Model(
        'cities',
        {
          id: id(),
          countryCode: t.text().references(() => Country.c.code),
          country: () => belongsTo(Country),
        },
        { registry },
      ) {}

      expect(ends(City.relations.country!)).toBe('cities.country_code → countries.code')
      expect(ends(Country.relations.cities!)).toBe('countries.code → cities.country_code')
    })
  })

  describe('the foreign key', () => {
    it('is the named one, when there are several', () => {
      expect(ends(Post.relations.editor!)).toBe('posts.editor_id → users.id')
      expect(ends(User.relations.editedPosts!)).toBe('users.id → posts.editor_id')
    })

    it('is never guessed among several: the error lists them and shows what to write', () => {
      const error = raised(() => declareRoads({}).relations)

      expect(error).toBeInstanceOf(RelationError)
      expect(String(error)).toContain('roads.town')
      expect(String(error)).toContain('startId, endId')
      expect(String(error)).toContain("belongsTo(…, { foreignKey: 'startId' })")
    })

    it('is refused when the named property does not point there', () => {
      const error = raised(() => declareRoads({ foreignKey: 'name' }).relations)

      expect(error).toBeInstanceOf(RelationError)
      expect(String(error)).toContain('"name"')
      expect(String(error)).toContain('startId, endId')
    })

    it('is no other than the named one, also when only one column points there', () => {
      const registry = new Registry()
      class Shelf extends Model('shelves', { id: id() }, { registry }) {}
      class Book extends Model(
        'books',
        {
          id: id(),
          shelfId: t.integer().references(() => Shelf.c.id),
          placeId: t.integer(),
          place: () => belongsTo(Shelf, { foreignKey: 'placeId' }),
        },
        { registry },
      ) {}

      const error = raised(() => Book.relations)

      expect(error).toBeInstanceOf(RelationError)
      expect(String(error)).toContain('books.placeId does not reference shelves')
    })

    it('has to be there: the error names the two tables', () => {
      const registry = new Registry()
      class Shelf extends Model(
        'shelves',
        { id: id(), books: () => hasMany(Book) },
        { registry },
      ) {}
      class Book extends Model('books', { id: id(), shelfId: t.integer() }, { registry }) {}

      const error = raised(() => Shelf.relations)

      expect(error).toBeInstanceOf(RelationError)
      expect(String(error)).toContain('no column of books references shelves')
    })
  })

  describe('a junction', () => {
    it('is where manyToMany looks first, and from there it goes on to the target', () => {
      const { junction, ...tags } = Post.relations.tags!

      expect(ends(tags as Relation)).toBe('posts.id → posts_tags.post_id')
      expect(junction?.model).toBe(PostTag)
      expect(junction?.toTarget).toBe(PostTag.table.byProperty.tagId)
      expect(junction?.targetKey).toBe(Tag.table.byProperty.id)
    })

    it('of a table with itself needs both names', () => {
      const { to, junction } = declareFollows({
        foreignKey: 'followedId',
        otherKey: 'followerId',
      }).relations.followers!

      expect([to.name, junction?.toTarget.name]).toEqual(['followed_id', 'follower_id'])
    })

    it('of a table with itself is refused with one name only', () => {
      const error = raised(() => declareFollows({ foreignKey: 'followedId' }).relations)

      expect(error).toBeInstanceOf(RelationError)
      expect(String(error)).toContain('followerId, followedId')
    })
  })

  describe('a bound relation', () => {
    it('is a frozen value, the same at every look', () => {
      expect(User.relations.posts).toBe(User.relations.posts)
      expect(Object.isFrozen(User.relations.posts)).toBe(true)
      expect(Object.isFrozen(User.relations)).toBe(true)
    })

    it('knows its kind, its property, its target and whether it may be empty', () => {
      expect(Post.relations.editor).toMatchObject({
        kind: 'belongsTo',
        property: 'editor',
        target: User,
        isNullable: true,
      })
      expect(Post.relations.author?.isNullable).toBe(false)
    })

    it('finds its other side by the foreign key', () => {
      expect(inverseOf(User.relations.posts!)).toBe(Post.relations.author)
      expect(inverseOf(Post.relations.editor!)).toBe(User.relations.editedPosts)
      expect(inverseOf(User.relations.profile!)).toBe(Profile.relations.user)
      expect(inverseOf(Comment.relations.answers!)).toBe(Comment.relations.parent)
      expect(inverseOf(Post.relations.tags!)).toBe(Tag.relations.posts)
      expect(inverseOf(Comment.relations.author!)).toBeUndefined()
    })

    it('is no column of the table', () => {
      expect(Object.keys(User.relations)).toEqual(['posts', 'editedPosts', 'profile'])
      expect(Object.keys(User.table.byProperty)).not.toContain('posts')
    })

    it('is refused when its function gives something else', () => {
      const registry = new Registry()
      class Page extends Model('pages', { id: id(), text: () => t.text() }, { registry }) {}

      const error = raised(() => {
        expect(User.relations.posts).toBeDefined()
        return Page.relations
      })

      expect(error).toBeInstanceOf(RelationError)
      expect(String(error)).toContain('pages.text')
    })

    it('is refused when it leads to something that is no model', () => {
      const registry = new Registry()
      class Page extends Model(
        'pages',
        { id: id(), lines: () => hasMany(undefined as unknown as typeof Post) },
        { registry },
      ) {}

      const error = raised(() => {
        expect(User.relations.posts).toBeDefined()
        return Page.relations
      })

      expect(error).toBeInstanceOf(RelationError)
      expect(String(error)).toContain('pages.lines')
    })
  })

  describe('a question about related rows', () => {
    it('is one EXISTS', () => {
      const db = open()

      const authors = User.query()
        .whereHas('posts', (p) => p.published.eq(true))
        .all()

      expect(authors.map(({ name }) => name)).toEqual(['Alice'])
      expect(db).toHaveSent([{ statement: 'SELECT users', parameters: [1] }])
    })

    it('gives each object once, however many rows there are', () => {
      open()

      expect(User.query().whereHas('posts').all()).toHaveLength(2)
      expect(User.query().whereHas('posts').count()).toBe(2)
    })

    it('goes through a junction, and into the own table', () => {
      open()

      const orm = Post.query().whereHas('tags', (tag) => tag.name.eq('orm'))
      const answered = Comment.query().whereHas('answers')

      expect(orm.all().map((post) => post.id)).toEqual([2])
      expect(answered.all().map((comment) => comment.id)).toEqual([1])
    })

    it('can ask for those that have none', () => {
      open()

      expect(
        User.query()
          .whereHasNo('posts')
          .all()
          .map(({ name }) => name),
      ).toEqual(['Carol'])
    })

    it('is refused for something that is no relation', () => {
      const error = raised(() => User.query().whereHas('pots' as 'posts'))

      expect(error).toBeInstanceOf(RelationError)
      expect(String(error)).toContain('Did you mean "posts"?')
    })
  })
})
