/** The rows of the blog: Alice has written two posts, Bob one, Carol none and has no age. */
export const blogRows = {
  users: [
    [1, 'Alice', 'alice@example.com', 30, 'premium', '2026-01-05T09:00:00.000Z'],
    [2, 'Bob', 'bob@example.com', 25, 'free', '2026-02-10T12:30:00.000Z'],
    [3, 'Carol', 'carol@example.com', null, 'free', '2026-03-15T18:45:00.000Z'],
  ],
  profiles: [[1, 'Writes about databases.', 'https://alice.example.com', 1]],
  posts: [
    [1, 'My First Post', 'Hello, tables.', true, '2026-04-01T08:00:00.000Z', 1, null],
    [2, 'My Second Post', 'Hello, objects.', true, '2026-04-02T08:00:00.000Z', 1, 2],
    [3, 'Notes on Joins', 'Rows that meet.', false, '2026-04-03T08:00:00.000Z', 2, 1],
  ],
  comments: [
    [1, 'Welcome!', 1, 2, null],
    [2, 'Thank you, Bob.', 1, 1, 1],
    [3, 'Which objects?', 2, 3, null],
  ],
  tags: [
    [1, 'sql'],
    [2, 'orm'],
    [3, 'typescript'],
  ],
  posts_tags: [
    [1, 1],
    [2, 1],
    [2, 2],
  ],
} as const
